using Moldau.Metadata.Configuration;

namespace Moldau.Broker.Tests.Configuration;

public sealed class NodeConfigurationTests
{
    private const string Combined = """
        process.roles=broker,controller
        node.id=1
        controller.quorum.bootstrap.servers=localhost:9093
        listeners=PLAINTEXT://:9092,CONTROLLER://:9093
        inter.broker.listener.name=PLAINTEXT
        advertised.listeners=PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093
        controller.listener.names=CONTROLLER
        listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL
        log.dirs=/tmp/kraft-combined-logs
        """;

    [Theory]
    [InlineData("log.retension.ms=1", "Unknown configuration log.retension.ms: did you mean log.retention.ms?")]
    [InlineData("no.such.thing.anywhere.near=1", "Unknown configuration no.such.thing.anywhere.near")]
    [InlineData("zookeeper.connect=localhost:2181", "Unknown configuration zookeeper.connect: Kafka 4 has no such key any more; remove the line")]
    [InlineData("num.partitions=many", "Invalid value many for configuration num.partitions: Not a number of type INT")]
    [InlineData("broker.id=2", "Invalid value 2 for configuration broker.id: it must be the same as node.id, which is 1")]
    [InlineData("process.roles=", "Invalid value  for configuration process.roles: List must not be empty; it takes: broker, controller")]
    [InlineData("process.roles=broker,observer", "Invalid value broker,observer for configuration process.roles: 'observer' is not one of: broker, controller")]
    [InlineData("log.dirs=", "Invalid value  for configuration log.dirs: at least one directory is needed")]
    [InlineData("authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer", "Invalid value org.apache.kafka.metadata.authorizer.StandardAuthorizer for configuration authorizer.class.name: access control is not there yet, everybody may do everything; remove the key to start the node all the same")]
    [InlineData("remote.log.storage.system.enable=true", "Invalid value true for configuration remote.log.storage.system.enable: tiered storage is not there")]
    [InlineData("controller.quorum.voters=localhost:9093", "Invalid value localhost:9093 for configuration controller.quorum.voters: id@host:port is needed")]
    [InlineData("controller.quorum.voters=2@localhost:9093", "Invalid value 2@localhost:9093 for configuration controller.quorum.voters: the node is a controller, so its node.id, 1, must be among the voters")]
    [InlineData("controller.quorum.voters=1@a:1,1@b:2", "Invalid value 1@a:1,1@b:2 for configuration controller.quorum.voters: a voter is named twice")]
    [InlineData("controller.quorum.voters=1@a:1,2@b:2,3@c:3", "Invalid value 1@a:1,2@b:2,3@c:3 for configuration controller.quorum.voters: a quorum of more than one node is not there yet")]
    [InlineData("controller.quorum.bootstrap.servers=localhost", "Invalid value localhost for configuration controller.quorum.bootstrap.servers: host:port is needed")]
    [InlineData("listeners=PLAINTEXT://:9092", "Invalid value PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093 for configuration advertised.listeners: listener CONTROLLER is not among the listeners")]
    [InlineData("listeners=PLAINTEXT://:9092,CONTROLLER://:9092", "Invalid value PLAINTEXT,CONTROLLER for configuration listeners: each listener needs a port of its own, and 9092 is used twice")]
    [InlineData("listeners=PLAINTEXT://:9092,OTHER://:9094,CONTROLLER://:9093", "Invalid value null for configuration listener.security.protocol.map: it has no security protocol for listener OTHER")]
    [InlineData("listeners=PLAINTEXT://:9092,SSL://:9094,CONTROLLER://:9093", "Invalid value SSL for configuration listeners: it speaks SSL, which is not there yet: listeners speak PLAINTEXT")]
    [InlineData("controller.listener.names=QUORUM", "Invalid value QUORUM for configuration controller.listener.names: the node is a controller, so QUORUM must be among its listeners")]
    [InlineData("controller.listener.names=CONTROLLER,PLAINTEXT", "Invalid value PLAINTEXT://:9092,CONTROLLER://:9093 for configuration listeners: a broker needs a listener for clients, and every one is among controller.listener.names")]
    [InlineData("advertised.listeners=PLAINTEXT://0.0.0.0:9092", "Invalid value PLAINTEXT for configuration advertised.listeners: clients cannot connect to 0.0.0.0: say where they reach the node")]
    [InlineData("inter.broker.listener.name=CONTROLLER", "Invalid value CONTROLLER for configuration inter.broker.listener.name: it must be a listener for clients: PLAINTEXT")]
    [InlineData("security.inter.broker.protocol=PLAINTEXT", "Invalid value PLAINTEXT for configuration inter.broker.listener.name: only one of inter.broker.listener.name and security.inter.broker.protocol can be set")]
    [InlineData("log.flush.interval.ms=-1", "Invalid value -1 for configuration log.flush.interval.ms: Value must be at least 0, as the default of a topic's flush.ms")]
    public void What_is_wrong_in_a_file_is_said_with_its_key(string line, string message) =>
        Assert.Equal(message, Assert.Throws<ConfigException>(() => NodeConfiguration.Load($"{Combined}\n{line}\n", [])).Message);

    [Theory]
    [InlineData("node.id", "Missing configuration node.id: every node of a cluster needs a number of its own")]
    [InlineData("process.roles", "Missing configuration process.roles: it says what the process is: broker, controller, or both")]
    public void What_a_file_must_say_is_asked_for(string key, string message)
    {
        string file = string.Join('\n', Combined.Split('\n').Where(line => !line.StartsWith(key, StringComparison.Ordinal)));
        Assert.Equal(message, Assert.Throws<ConfigException>(() => NodeConfiguration.Load(file, [])).Message);
    }

    [Theory]
    [InlineData("process.roles=controller", "Invalid value PLAINTEXT for configuration listeners: the node is a controller alone, so its listeners must all be among controller.listener.names")]
    [InlineData("process.roles=broker", "Invalid value CONTROLLER for configuration controller.listener.names: the node is a broker alone, so CONTROLLER must not be among its listeners")]
    [InlineData("process.roles=broker\ncontroller.listener.names=QUORUM\ncontroller.quorum.voters=1@a:1", "Invalid value 1@a:1 for configuration controller.quorum.voters: the node is a broker alone, so its node.id, 1, must not be among the voters")]
    public void Roles_and_listeners_must_fit(string lines, string message) =>
        Assert.Equal(message, Assert.Throws<ConfigException>(() => NodeConfiguration.Load($"{Combined}\n{lines}\n", [])).Message);

    [Fact]
    public void A_broken_file_says_in_which_line() =>
        Assert.Equal(
            "The configuration file cannot be read: line 2: \\u must be followed by four hexadecimal digits",
            Assert.Throws<ConfigException>(() => NodeConfiguration.Load("node.id=1\nbroker.rack=\\u12", [])).Message);

    [Theory]
    [InlineData("novalue")]
    [InlineData("=1")]
    public void A_set_without_key_or_value_is_refused(string text) => Assert.Throws<ConfigException>(() => NodeConfiguration.ParseSet(text));

    [Fact]
    public void Kafkas_own_example_file_is_read()
    {
        NodeConfiguration configuration = NodeConfiguration.Load(Combined, []);
        Assert.Equal(1, configuration.Options.NodeId);
        Assert.Equal(["/tmp/kraft-combined-logs"], configuration.Options.LogDirs);
        Assert.Equal(["PLAINTEXT", "CONTROLLER"], configuration.Options.Listeners.Select(listener => listener.Name));
        Assert.False(configuration.Options.FormatsOnStart);
        Assert.Empty(configuration.Warnings);
    }

    [Fact]
    public void Without_a_file_a_node_runs_on_loopback_and_formats_itself()
    {
        NodeConfiguration configuration = NodeConfiguration.Load(null, []);
        ListenerOptions listener = Assert.Single(configuration.Options.Listeners);
        Assert.Equal(("127.0.0.1", 9092, true, true), (listener.Host, listener.Port, listener.ServesBroker, listener.ServesController));
        Assert.True(configuration.Options.FormatsOnStart);
        Assert.Equal(1, configuration.Options.OffsetsTopicReplicationFactor);
        Assert.Empty(configuration.Warnings);
    }

    [Fact]
    public void What_is_set_on_the_command_line_goes_over_the_file()
    {
        NodeConfiguration configuration = NodeConfiguration.Load(Combined, [NodeConfiguration.ParseSet("num.partitions=3"), NodeConfiguration.ParseSet("log.dirs=/a,/b"), NodeConfiguration.ParseSet("num.partitions=4")]);
        Assert.Equal(4, configuration.Options.NumPartitions);
        Assert.Equal(["/a", "/b"], configuration.Options.LogDirs);
    }

    [Fact]
    public void The_older_name_of_the_nodes_number_will_do()
    {
        string file = Combined.Replace("node.id", "broker.id", StringComparison.Ordinal);
        Assert.Equal(1, NodeConfiguration.Load(file, []).Options.NodeId);
    }

    [Theory]
    [InlineData("num.io.threads=8", "num.io.threads is accepted and has no effect here")]
    [InlineData("super.users=User:admin", "super.users is accepted and has no effect here")]
    [InlineData("listener.name.plaintext.max.connections=5", "listener.name.plaintext.max.connections is accepted and has no effect here")]
    [InlineData("num.replica.fetchers=2", "num.replica.fetchers is accepted and has no effect yet")]
    public void What_does_nothing_here_is_accepted_with_a_warning(string line, string warning)
    {
        NodeConfiguration configuration = NodeConfiguration.Load($"{Combined}\n{line}\n", []);
        Assert.Equal([warning], configuration.Warnings);
    }

    [Fact]
    public void Two_listeners_may_share_a_port_on_IPv4_and_IPv6() =>
        Assert.Equal(3, NodeConfiguration.Load($"{Combined}\nlisteners=PLAINTEXT://127.0.0.1:9092,SECOND://[::1]:9092,CONTROLLER://:9093\nlistener.security.protocol.map=PLAINTEXT:PLAINTEXT,SECOND:PLAINTEXT,CONTROLLER:PLAINTEXT\n", []).Options.Listeners.Length);
}
