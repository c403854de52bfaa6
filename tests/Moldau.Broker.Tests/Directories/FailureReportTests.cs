using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker.Controllers;
using Moldau.Broker.Lifecycle;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Directories;

/// <summary><c>log.dir.failure.timeout.ms</c>: a node that cannot tell the controller of a failed directory ends.</summary>
public sealed class FailureReportTests
{
    private const string Second = DirectoryScenario.Second;
    private static readonly (string, string) TenSeconds = ("log.dir.failure.timeout.ms", "10000");

    [Theory]
    [InlineData(Silence.Unreachable)]
    [InlineData(Silence.Refusing)]
    [InlineData(Silence.Hanging)]
    public void A_failure_that_the_controller_cannot_be_told_of_ends_the_node_after_the_timeout(Silence silence) => DirectoryScenario.Play(
        async play =>
        {
            var controller = new DeafController(play) { Silence = silence };
            BrokerLifecycle lifecycle = await controller.StartAsync();
            await FailAsync(play, lifecycle);

            await play.World.Scheduler.Delay(TimeSpan.FromSeconds(9));
            Assert.Empty(controller.Failures);
            await play.World.Scheduler.Delay(TimeSpan.FromSeconds(2));

            Assert.IsType<DirectoryFailureUntoldException>(Assert.Single(controller.Failures));
            lifecycle.End();
        },
        TenSeconds);

    [Fact]
    public void A_failure_that_is_told_late_but_in_time_ends_nothing() => DirectoryScenario.Play(
        async play =>
        {
            var controller = new DeafController(play) { Silence = Silence.Unreachable };
            BrokerLifecycle lifecycle = await controller.StartAsync();
            await FailAsync(play, lifecycle);
            await play.World.Scheduler.Delay(TimeSpan.FromSeconds(5));
            controller.Silence = Silence.None;

            await play.World.Scheduler.Delay(TimeSpan.FromMinutes(1));

            Assert.Empty(controller.Failures);
            lifecycle.End();
        },
        TenSeconds);

    [Fact]
    public void A_node_that_stops_meanwhile_ends_by_no_failure() => DirectoryScenario.Play(
        async play =>
        {
            var controller = new DeafController(play) { Silence = Silence.Unreachable };
            BrokerLifecycle lifecycle = await controller.StartAsync();
            await FailAsync(play, lifecycle);

            lifecycle.End();

            await play.World.Scheduler.Delay(TimeSpan.FromMinutes(1));
            Assert.Empty(controller.Failures);
        },
        TenSeconds);

    [Fact]
    public void A_node_that_has_told_its_controller_goes_on() => DirectoryScenario.Play(
        async play =>
        {
            int kept = play.PartitionIn(DirectoryScenario.First);
            play.Break(Second);
            await play.ProduceAsync(play.PartitionIn(Second), "b");

            await play.World.Scheduler.Delay(TimeSpan.FromMinutes(1));

            Assert.False(play.World.Node.Completion.IsCompleted);
            Assert.Equal(ErrorCode.None, await play.ProduceAsync(kept, "b"));
        },
        TenSeconds);

    private static async Task FailAsync(DirectoryScenario play, BrokerLifecycle lifecycle)
    {
        play.Break(Second);
        Assert.Equal(ErrorCode.KafkaStorageError, await play.ProduceAsync(play.PartitionIn(Second), "b"));
        lifecycle.DirectoriesChanged();
    }

    /// <summary>How a controller takes heartbeats that tell of a failed directory.</summary>
    public enum Silence
    {
        None,
        Unreachable,
        Refusing,
        Hanging,
    }

    /// <summary>A controller that hears of everything but failed directories, and a broker of its own beside the scenario's node, on that node's directories.</summary>
    private sealed class DeafController(DirectoryScenario play) : IControllerChannel
    {
        public Silence Silence { get; set; }

        public List<Exception> Failures { get; } = [];

        public async Task<BrokerLifecycle> StartAsync()
        {
            NodeServices node = play.World.Node.Services;
            var lifecycle = new BrokerLifecycle(
                this, node.Metadata, () => node.Store.Directories, node.Purgatory, play.World.Scheduler, node.Options, NullLogger.Instance, Failures.Add);
            await lifecycle.StartAsync(new BrokerRegistrationRequest(), TestContext.Current.CancellationToken);
            return lifecycle;
        }

        public Task<BrokerRegistrationResponse?> RegisterAsync(BrokerRegistrationRequest request) => Task.FromResult<BrokerRegistrationResponse?>(new BrokerRegistrationResponse { BrokerEpoch = 0 });

        public Task<BrokerHeartbeatResponse?> HeartbeatAsync(BrokerHeartbeatRequest request) => (request.OfflineLogDirs.Count == 0 ? Silence.None : Silence) switch
        {
            Silence.Unreachable => Task.FromResult<BrokerHeartbeatResponse?>(null),
            Silence.Refusing => Task.FromResult<BrokerHeartbeatResponse?>(new BrokerHeartbeatResponse { ErrorCode = (short)ErrorCode.NotController }),
            Silence.Hanging => new TaskCompletionSource<BrokerHeartbeatResponse?>().Task,
            _ => Task.FromResult<BrokerHeartbeatResponse?>(new BrokerHeartbeatResponse { IsFenced = false }),
        };

        public Task<ControllerRegistrationResponse?> RegisterControllerAsync(ControllerRegistrationRequest request) => throw new NotSupportedException();

        public Task<AllocateProducerIdsResponse?> AllocateProducerIdsAsync(AllocateProducerIdsRequest request) => throw new NotSupportedException();

        public Task<AssignReplicasToDirsResponse?> AssignReplicasToDirsAsync(AssignReplicasToDirsRequest request) => throw new NotSupportedException();

        public Task<CreateTopicsResponse?> CreateTopicsAsync(CreateTopicsRequest request) => throw new NotSupportedException();
    }
}
