using System.Globalization;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Simulated;
using Moldau.Simulation.Clients;

namespace Moldau.Simulation.Upkeep;

/// <summary>Changes one key of a resource over and over, alone: what was acknowledged last is shown, or a later attempt that went unanswered.</summary>
internal sealed class Configurer(SimulatedProcess process, ConfigResource resource, string key)
{
    private readonly SortedSet<string> possible = new(StringComparer.Ordinal);
    private bool isSet;

    public async Task RunAsync(int changes)
    {
        await using KafkaClient client = ManagedClient.On(process);
        for (int i = 0; i < changes; i++)
        {
            await ChangeAsync(client, (1_000_000 + i).ToString(CultureInfo.InvariantCulture));
            await process.Scheduler.Delay(process.Random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(2)));
            await CheckAsync(client);
        }
    }

    /// <summary>Holds what is shown against what was set.</summary>
    public async Task CheckAsync(KafkaClient client)
    {
        if (!isSet) return;
        ConfigEntry shown = (await ManagedClient.AskAsync(process, () => client.Admin.Configs.DescribeAsync(resource))).Single(entry => entry.Name == key);
        if (!possible.Contains(shown.Value!)) throw new BrokenPromiseException($"{resource}: {key} was set to {string.Join(" or ", possible)}, and {shown.Value} is shown");
    }

    private async Task ChangeAsync(KafkaClient client, string value)
    {
        possible.Add(value);
        await ManagedClient.AskAsync(process, async () =>
        {
            await client.Admin.Configs.AlterAsync(resource, [new ConfigChange(key, ConfigOperation.Set, value)]);
            return true;
        });
        possible.Clear();
        possible.Add(value);
        isSet = true;
    }
}
