using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Tests.Control;

public sealed class TopicDeletionTests
{
    private readonly TestCluster cluster = new TestCluster().With(1);

    private (string? Name, Uuid Id, ErrorCode Error)[] Delete(DeleteTopicsRequest request, short version = 6, Func<string, bool>? mayDescribe = null, Func<string, bool>? mayDelete = null) =>
        [.. cluster.Run(cluster.Controller.DeleteTopics(cluster.Context(version), request, mayDescribe ?? (_ => true), mayDelete ?? (_ => true)))
            .Responses.Select(r => (r.Name, r.TopicId, (ErrorCode)r.ErrorCode))];

    private static DeleteTopicsRequest Names(params string[] names) => new() { Topics = [.. names.Select(n => new DeleteTopicsRequest.DeleteTopicState { Name = n })] };

    private static DeleteTopicsRequest Ids(params Uuid[] ids) => new() { Topics = [.. ids.Select(id => new DeleteTopicsRequest.DeleteTopicState { TopicId = id })] };

    [Fact]
    public void Refuses_what_does_not_exist()
    {
        Assert.Equal([("t", Uuid.Zero, ErrorCode.UnknownTopicOrPartition)], Delete(Names("t")));
        Assert.Equal([(null, CountingRandom.Id(9), ErrorCode.UnknownTopicId)], Delete(Ids(CountingRandom.Id(9))));
    }

    [Fact]
    public void Refuses_a_topic_named_twice_in_any_way()
    {
        cluster.Create("t");
        cluster.Log.Clear();
        Uuid id = CountingRandom.Id(1);
        Assert.Equal([("t", Uuid.Zero, ErrorCode.InvalidRequest)], Delete(Names("t", "t", "t")));
        Assert.Equal([(null, id, ErrorCode.InvalidRequest)], Delete(Ids(id, id)));
        DeleteTopicsRequest both = Names("t");
        both.Topics.Add(new DeleteTopicsRequest.DeleteTopicState { TopicId = id });
        Assert.Equal([("t", id, ErrorCode.InvalidRequest)], Delete(both));
        Assert.Empty(cluster.Log);
    }

    [Fact]
    public void Refuses_name_and_id_together_and_neither()
    {
        var request = new DeleteTopicsRequest { Topics = [new() { Name = "t", TopicId = CountingRandom.Id(1) }, new()] };
        Assert.Equal([("t", CountingRandom.Id(1), ErrorCode.InvalidRequest), (null, Uuid.Zero, ErrorCode.InvalidRequest)], Delete(request));
    }

    [Fact]
    public void Does_not_tell_the_name_of_a_topic_that_may_not_be_described()
    {
        cluster.Create("t");
        Uuid id = CountingRandom.Id(1);
        Assert.Equal([(null, id, ErrorCode.TopicAuthorizationFailed)], Delete(Ids(id), mayDescribe: _ => false, mayDelete: _ => false));
        Assert.Equal([("t", id, ErrorCode.TopicAuthorizationFailed)], Delete(Ids(id), mayDelete: _ => false));
        Assert.Equal([("none", Uuid.Zero, ErrorCode.TopicAuthorizationFailed)], Delete(Names("none"), mayDescribe: _ => false));
    }

    [Theory]
    [InlineData(2, ErrorCode.InvalidRequest)]
    [InlineData(3, ErrorCode.TopicDeletionDisabled)]
    public void Refuses_everything_where_deletion_is_disabled(short version, ErrorCode error)
    {
        var disabled = new TestCluster(configure: o => o with { DeleteTopicEnable = false }).With(1);
        disabled.Create("t");
        var request = new DeleteTopicsRequest { TopicNames = ["t"] };
        DeleteTopicsResponse response = disabled.Run(disabled.Controller.DeleteTopics(disabled.Context(version), request, _ => true, _ => true));
        Assert.Equal((short)error, Assert.Single(response.Responses).ErrorCode);
        Assert.NotNull(disabled.Image.Topics.Find("t"));
    }

    [Fact]
    public void Removes_topic_and_configs_by_name_and_by_id()
    {
        cluster.Create("a", configs: ("retention.ms", "1"));
        cluster.Create("b");
        cluster.Log.Clear();
        DeleteTopicsRequest request = Names("a");
        request.Topics.Add(new DeleteTopicsRequest.DeleteTopicState { TopicId = CountingRandom.Id(2) });
        Assert.Equal([("b", CountingRandom.Id(2), ErrorCode.None), ("a", CountingRandom.Id(1), ErrorCode.None)], Delete(request));
        Assert.All(cluster.Lines(), line => Assert.StartsWith("RemoveTopic v0", line, StringComparison.Ordinal));
        Assert.Equal(0, cluster.Published.Topics.Count);
        Assert.Empty(cluster.Published.Configs.Of(ConfigResource.Topic("a")));
        Assert.Empty(cluster.Controller.State.Index.Led(1));
    }
}
