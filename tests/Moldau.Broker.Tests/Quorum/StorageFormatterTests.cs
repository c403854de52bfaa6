using Moldau.Broker.Quorum.Formatting;
using Moldau.Broker.Quorum.Snapshots;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Transport;
using Moldau.Raft;
using Moldau.Storage;
using Moldau.Storage.Files;

namespace Moldau.Broker.Tests.Quorum;

public sealed class StorageFormatterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly PhysicalFileSystem files = new();
    private readonly IScheduler scheduler = new ThreadPoolScheduler(TimeProvider.System, (_, _) => { });

    private StorageFormatter Formatter => new(files, scheduler);

    private FormatOptions Options => new()
    {
        ClusterId = QuorumHost.ClusterId,
        NodeId = (BrokerId)1,
        Directories = [Dir("a")],
        MetadataDirectory = Dir("a"),
        IsController = true,
        Quorum = InitialQuorum.Standalone,
        ControllerAddress = ("127.0.0.1", 19093),
    };

    public void Dispose() => folder.Dispose();

    private string Dir(string name) => Path.Join(folder.Path, name);

    private async Task<string> RefusalAsync(FormatOptions options) =>
        (await Assert.ThrowsAsync<FormatRefusedException>(() => Formatter.FormatAsync(options))).Message;

    private SnapshotReader Checkpoint(string directory) =>
        SnapshotReader.Open(files, Path.Join(directory, "__cluster_metadata-0"), OffsetAndEpoch.Bootstrap);

    private static string Levels(SnapshotReader reader) =>
        string.Join(" ", reader.Records().Select(record => (FeatureLevelRecord)record.Message).Select(level => $"{level.Name}={level.FeatureLevel}"));

    [Fact]
    public async Task A_controller_must_say_who_votes() =>
        Assert.StartsWith("Because controller.quorum.voters is not set on this controller, you must specify one of the following: --standalone",
            await RefusalAsync(Options with { Quorum = InitialQuorum.Unspecified }), StringComparison.Ordinal);

    [Fact]
    public async Task A_broker_alone_cannot_be_standalone() =>
        Assert.Equal("You can only use --standalone on a controller.", await RefusalAsync(Options with { IsController = false }));

    [Fact]
    public async Task Configured_voters_and_initial_voters_exclude_each_other() =>
        Assert.StartsWith("You cannot specify controller.quorum.voters and format the node with", await RefusalAsync(Options with { HasConfiguredVoters = true }), StringComparison.Ordinal);

    [Theory]
    [InlineData("foo.version=1", "Unsupported feature: foo.version. Supported features are: eligible.leader.replicas.version, group.version, kraft.version, share.version, streams.version, transaction.version")]
    [InlineData("group.version=9", "No feature:group.version with feature level 9")]
    [InlineData("group.version=-1", "No feature:group.version with feature level -1")]
    [InlineData("group.version", "Can't parse feature=level string group.version: equals sign not found.")]
    [InlineData("kraft.version=2", "No feature:kraft.version with feature level 2")]
    [InlineData("metadata.version=6", "No MetadataVersion with feature level 6. Valid feature levels are from 7 to 33.")]
    public async Task A_feature_that_is_not_known_is_refused_in_kafkas_words(string feature, string message) =>
        Assert.Equal(message, await RefusalAsync(Options with { Features = [feature] }));

    [Fact]
    public async Task Kraft_version_follows_from_who_votes()
    {
        Assert.StartsWith("Cannot set kraft.version to 0 if controller.quorum.voters is empty and", await RefusalAsync(Options with { Features = ["kraft.version=0"] }), StringComparison.Ordinal);
        FormatOptions configured = Options with { HasConfiguredVoters = true, Quorum = InitialQuorum.Unspecified, Features = ["kraft.version=1"] };
        Assert.StartsWith("Cannot set kraft.version to 1 unless controller.quorum.voters is empty and", await RefusalAsync(configured), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_that_is_not_known_or_given_twice_is_refused()
    {
        Assert.StartsWith("Unknown metadata.version '9.9'. Supported metadata.version are: 3.3-IV3, 3.4-IV0,", await RefusalAsync(Options with { ReleaseVersion = "9.9" }), StringComparison.Ordinal);
        Assert.Equal("Use --release-version instead of --feature metadata.version=X to avoid ambiguity.",
            await RefusalAsync(Options with { ReleaseVersion = "4.0", Features = ["metadata.version=25"] }));
    }

    [Fact]
    public async Task Scram_credentials_are_refused() =>
        Assert.Contains("--add-scram", await RefusalAsync(Options with { ScramCredentials = ["SCRAM-SHA-256=[name=a,password=b]"] }), StringComparison.Ordinal);

    [Theory]
    [InlineData("1@a:1:JEXY6aqzQY-32P5TStzaFg,1@b:2:MvDxzVmcRsaTz33bUuRU6A", "Node id 1 was specified more than once.")]
    [InlineData("1@localhost:19093", "No colon following port could be found.")]
    [InlineData("x@localhost:19093:JEXY6aqzQY-32P5TStzaFg", "Failed to parse node id in dynamic voter string.")]
    [InlineData("1@localhost:19093:JEXY", "Failed to parse directory ID in dynamic voter string.")]
    [InlineData("", "No voters given.")]
    public void A_wrong_list_of_controllers_is_refused_in_kafkas_words(string list, string message) =>
        Assert.Equal(message, Assert.Throws<FormatRefusedException>(() => InitialController.ParseList(list)).Message);

    [Fact]
    public async Task A_formatted_directory_is_refused_unless_that_is_ignored()
    {
        await Formatter.FormatAsync(Options);
        Assert.Equal($"Log directory {Dir("a")} is already formatted. Use --ignore-formatted to ignore this directory and format the others.", await RefusalAsync(Options));
        FormatResult again = await Formatter.FormatAsync(Options with { IgnoreFormatted = true });
        Assert.Equal(["All of the log directories are already formatted."], again.Lines);
    }

    [Fact]
    public async Task Another_cluster_or_node_is_told_by_its_own_error()
    {
        await Formatter.FormatAsync(Options);
        var cluster = await Assert.ThrowsAsync<ClusterIdMismatchException>(() => Formatter.FormatAsync(Options with { ClusterId = "AkU3OEVBNTcwNTJENDM2Qg", IgnoreFormatted = true }));
        Assert.Equal($"Invalid cluster.id in: {Dir("a")}/meta.properties. Expected AkU3OEVBNTcwNTJENDM2Qg, but read {QuorumHost.ClusterId}", cluster.Message);
        var node = await Assert.ThrowsAsync<NodeIdMismatchException>(() => Formatter.FormatAsync(Options with { NodeId = (BrokerId)2, IgnoreFormatted = true }));
        Assert.StartsWith("Stored node id 1 doesn't match previous node id 2 in", node.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_of_a_directory_is_found_out()
    {
        await Formatter.FormatAsync(Options);
        Directory.CreateDirectory(Dir("b"));
        File.Copy(Path.Join(Dir("a"), "meta.properties"), Path.Join(Dir("b"), "meta.properties"));
        LogDirectorySet set = LogDirectorySet.Load(files, [Dir("a"), Dir("b")]);
        Assert.Throws<DuplicateDirectoryIdException>(() => set.Verify((BrokerId)1));
    }

    [Fact]
    public async Task Unreadable_properties_are_told_by_directory()
    {
        Directory.CreateDirectory(Dir("a"));
        await File.WriteAllTextAsync(Path.Join(Dir("a"), "meta.properties"), "garbage\n", TestContext.Current.CancellationToken);
        var broken = await Assert.ThrowsAsync<UnreadableMetaPropertiesException>(() => Formatter.FormatAsync(Options));
        Assert.Equal(Dir("a"), broken.Directory);
    }

    [Theory]
    [InlineData("topic-0/00000000000000000000.log")]
    [InlineData("__cluster_metadata-0/00000000000000000000.log")]
    public async Task Logs_without_properties_are_not_formatted_over(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(Dir("a"), file))!);
        await File.WriteAllTextAsync(Path.Join(Dir("a"), file), "", TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<DirectoryNotEmptyException>(() => Formatter.FormatAsync(Options));
        Assert.False(File.Exists(Path.Join(Dir("a"), "meta.properties")));
    }

    [Fact]
    public async Task The_first_start_takes_only_an_empty_directory_and_the_tool_any_without_logs()
    {
        Directory.CreateDirectory(Dir("a"));
        await File.WriteAllTextAsync(Path.Join(Dir("a"), "letter.txt"), "", TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<DirectoryNotEmptyException>(() => Formatter.EnsureFormattedAsync(Options));
        Assert.Single((await Formatter.FormatAsync(Options)).Formatted);
    }

    [Fact]
    public async Task A_node_with_data_whose_metadata_directory_is_gone_does_not_begin_anew()
    {
        FormatOptions two = Options with { Directories = [Dir("b")] };
        await Formatter.FormatAsync(two);
        Directory.Delete(Dir("a"), recursive: true);
        Assert.Equal(Dir("a"), (await Assert.ThrowsAsync<NotFormattedException>(() => Formatter.EnsureFormattedAsync(two))).Directory);
    }

    [Fact]
    public async Task A_new_volume_counts_as_empty()
    {
        Directory.CreateDirectory(Path.Join(Dir("a"), "lost+found"));
        Assert.Single((await Formatter.EnsureFormattedAsync(Options)).Formatted);
    }

    [Fact]
    public async Task An_interrupted_format_is_done_again()
    {
        await Formatter.FormatAsync(Options);
        File.Delete(Path.Join(Dir("a"), "meta.properties"));
        LogDirectorySet set = await Formatter.EnsureFormattedAsync(Options);
        using SnapshotReader reader = Checkpoint(Dir("a"));
        Assert.Equal(set.Formatted[Dir("a")].DirectoryId, reader.Voters!.Nodes[0].Key.DirectoryId);
    }

    [Fact]
    public async Task The_first_start_makes_up_a_cluster_id_and_keeps_it_for_new_directories()
    {
        LogDirectorySet first = await Formatter.EnsureFormattedAsync(Options);
        Assert.True(Uuid.TryParse(first.ClusterId, out _));
        LogDirectorySet second = await Formatter.EnsureFormattedAsync(Options with { Directories = [Dir("a"), Dir("b")] });
        Assert.Equal(first.ClusterId, second.Formatted[Dir("b")].ClusterId);
        Assert.Equal(first.Formatted[Dir("a")], second.Formatted[Dir("a")]);
    }

    [Fact]
    public async Task Several_directories_are_formatted_with_an_id_each_and_one_metadata_log()
    {
        FormatResult result = await Formatter.FormatAsync(Options with { Directories = [Dir("c2"), Dir("c1")], MetadataDirectory = Dir("cm"), ReleaseVersion = "3.9", Features = ["group.version=1"] });
        Assert.Equal(
            [
                $"Formatting dynamic metadata voter directory {Dir("cm")} with metadata.version 3.9-IV0.",
                $"Formatting data directory {Dir("c1")} with metadata.version 3.9-IV0.",
                $"Formatting data directory {Dir("c2")} with metadata.version 3.9-IV0.",
            ],
            result.Lines);
        Assert.Equal(3, result.Formatted.Select(directory => directory.Properties.DirectoryId).Distinct().Count());
        Assert.False(Directory.Exists(Path.Join(Dir("c1"), "__cluster_metadata-0")));
        using SnapshotReader reader = Checkpoint(Dir("cm"));
        Assert.Equal("metadata.version=21 group.version=1", Levels(reader));
    }

    [Fact]
    public async Task Without_initial_controllers_the_checkpoint_names_no_voters()
    {
        await Formatter.FormatAsync(Options with { Quorum = InitialQuorum.NoInitialControllers });
        using SnapshotReader reader = Checkpoint(Dir("a"));
        Assert.Null(reader.Voters);
        Assert.Equal(1, reader.KRaftVersion);
    }

    [Fact]
    public async Task With_configured_voters_the_checkpoint_has_no_kraft_version()
    {
        FormatResult result = await Formatter.FormatAsync(Options with { Quorum = InitialQuorum.Unspecified, HasConfiguredVoters = true });
        Assert.Equal("metadata directory", result.Formatted[0].Description);
        using SnapshotReader reader = Checkpoint(Dir("a"));
        Assert.Equal((null, (short)0), (reader.Voters, reader.KRaftVersion));
    }

    [Fact]
    public async Task A_broker_alone_gets_no_checkpoint()
    {
        await Formatter.FormatAsync(Options with { IsController = false, Quorum = InitialQuorum.Unspecified });
        Assert.Equal(["meta.properties"], Directory.GetFileSystemEntries(Dir("a")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Initial_controllers_give_the_directory_its_id_and_the_checkpoint_all_voters()
    {
        IReadOnlyList<InitialController> controllers = InitialController.ParseList("1@localhost:19093:JEXY6aqzQY-32P5TStzaFg,2@[::1]:8083:MvDxzVmcRsaTz33bUuRU6A");
        FormatResult result = await Formatter.FormatAsync(Options with { Quorum = InitialQuorum.InitialControllers, InitialControllers = controllers });
        Assert.Equal("JEXY6aqzQY-32P5TStzaFg", result.Formatted[0].Properties.DirectoryId.ToString());
        using SnapshotReader reader = Checkpoint(Dir("a"));
        Assert.Equal([1, 2], reader.Voters!.Nodes.Select(voter => voter.Id));
        Assert.Equal(new VoterEndpoint("CONTROLLER", "::1", 8083), reader.Voters.Nodes[1].Endpoints[0]);
    }
}
