using Moldau.Protocol;

namespace Moldau.Broker.Handlers;

/// <summary>The APIs a node serves: dispatch, and what ApiVersions says, come from this one list. Immutable.</summary>
internal sealed class HandlerTable
{
    private readonly ApiHandler?[] byKey;

    public HandlerTable(IEnumerable<ApiHandler> handlers)
    {
        All = [.. handlers.OrderBy(handler => handler.Key)];
        byKey = new ApiHandler?[All.Count == 0 ? 0 : (int)All[^1].Key + 1];
        foreach (ApiHandler handler in All)
        {
            Invariant.That(byKey[(int)handler.Key] is null);
            byKey[(int)handler.Key] = handler;
        }
    }

    /// <summary>All handlers, by rising key: the order in which ApiVersions names them.</summary>
    public IReadOnlyList<ApiHandler> All { get; }

    /// <summary>The handler of a key on a kind of listener; null when it is not served there.</summary>
    public ApiHandler? Find(short key, Listeners listener)
    {
        if ((uint)key >= (uint)byKey.Length) return null;
        ApiHandler? handler = byKey[key];
        return handler is not null && handler.IsServedOn(listener) ? handler : null;
    }
}
