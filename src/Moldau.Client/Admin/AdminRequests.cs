using Moldau.Client.Clusters;
using Moldau.Client.Connections;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Admin;

/// <summary>Sends the requests of admin calls to the broker they belong to and repeats them.</summary>
internal sealed class AdminRequests(Cluster cluster)
{
    /// <summary>Milliseconds that a broker may take to do what it is asked.</summary>
    public int TimeoutMs => (int)cluster.Options.RequestTimeout.TotalMilliseconds;

    /// <summary>An answer's error where it may pass; none otherwise: the caller reads the answer's words.</summary>
    public static ErrorCode Retriable(short code) => ((ErrorCode)code).IsRetriable() ? (ErrorCode)code : ErrorCode.None;

    /// <summary>Asks any broker; those that cannot answer themselves forward to the controller.</summary>
    /// <param name="what">For messages.</param>
    /// <param name="make">Makes the request for the version it will be sent in.</param>
    /// <param name="error">The error that stands for the whole answer.</param>
    /// <param name="cancellation">Stops it.</param>
    public Task<TResponse> AnyAsync<TResponse>(
        string what, ApiKey api, Func<short, IRequest<TResponse>> make, Func<TResponse, ErrorCode> error, CancellationToken cancellation)
        where TResponse : IResponse, new() =>
        SendAsync(what, api, cluster.AnyAsync, make, error, cancellation);

    /// <summary>Asks a broker by its id.</summary>
    public Task<TResponse> BrokerAsync<TResponse>(
        string what, int broker, ApiKey api, Func<short, IRequest<TResponse>> make, Func<TResponse, ErrorCode> error, CancellationToken cancellation)
        where TResponse : IResponse, new() =>
        SendAsync(what, api, token => cluster.BrokerAsync(broker, token), make, error, cancellation);

    /// <summary>Asks the coordinator of a group, wherever it has moved to.</summary>
    public Task<TResponse> CoordinatorAsync<TResponse>(
        string what, string group, ApiKey api, Func<short, IRequest<TResponse>> make, Func<TResponse, ErrorCode> error, CancellationToken cancellation)
        where TResponse : IResponse, new() =>
        CoordinatorAsync(what, group, api, short.MaxValue, make, error, cancellation);

    /// <summary>Asks the coordinator of a group in a version of at most <paramref name="highest"/>.</summary>
    public Task<TResponse> CoordinatorAsync<TResponse>(
        string what, string group, ApiKey api, short highest, Func<short, IRequest<TResponse>> make, Func<TResponse, ErrorCode> error, CancellationToken cancellation)
        where TResponse : IResponse, new() =>
        cluster.Retries.RunAsync(what, cluster.Options.OperationTimeout, async token =>
        {
            try
            {
                KafkaConnection connection = await cluster.Coordinators.ConnectAsync(group, LinkPurpose.General, 0, token);
                return await SendOnceAsync(what, api, highest, connection, make, error, token);
            }
            catch (KafkaException e)
            {
                cluster.Coordinators.Note(group, e.Code);
                throw;
            }
        }, cancellation);

    private Task<TResponse> SendAsync<TResponse>(
        string what, ApiKey api, Func<CancellationToken, Task<KafkaConnection>> connect, Func<short, IRequest<TResponse>> make, Func<TResponse, ErrorCode> error, CancellationToken cancellation)
        where TResponse : IResponse, new() =>
        cluster.Retries.RunAsync(what, cluster.Options.OperationTimeout, async token => await SendOnceAsync(what, api, short.MaxValue, await connect(token), make, error, token), cancellation);

    private static async Task<TResponse> SendOnceAsync<TResponse>(
        string what, ApiKey api, short highest, KafkaConnection connection, Func<short, IRequest<TResponse>> make, Func<TResponse, ErrorCode> error, CancellationToken cancellation)
        where TResponse : IResponse, new()
    {
        short version = connection.VersionOf(api, highest);
        TResponse response = await connection.SendAsync(make(version), version: version, cancellation: cancellation);
        ErrorCode code = error(response);
        return code == ErrorCode.None ? response : throw KafkaException.Of(code, what);
    }
}
