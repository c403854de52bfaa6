using System.Text.Json;
using System.Text.Json.Nodes;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Raft;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;

namespace Moldau.Broker.Quorum;

/// <summary><c>quorum-state</c>: epoch, leader and vote, in Kafka's JSON. Version 1 with kraft.version 1, else version 0, which lists the voters.</summary>
internal sealed class QuorumStateFile(IFileSystem files, string folder)
{
    public const string Name = "quorum-state";

    private const string DataVersion = "data_version";
    private const int BytesMax = 64 * 1024;

    /// <summary>What is remembered; the initial state when the file is absent.</summary>
    /// <exception cref="MetadataLogCorruptException">The file cannot be understood.</exception>
    public ElectionState Read()
    {
        string? text = AtomicFile.Read(files, folder, Name, BytesMax);
        if (text is null) return ElectionState.Initial;
        try
        {
            var json = (JsonObject)(JsonNode.Parse(text) ?? throw new JsonException("null"));
            short version = json.Remove(DataVersion, out JsonNode? given) && given is not null ? given.GetValue<short>() : throw new JsonException($"no {DataVersion}");
            if (version is < QuorumStateData.LowestVersion or > QuorumStateData.HighestVersion) throw new JsonException($"{DataVersion} {version} is not known");
            var state = new QuorumStateData();
            using JsonDocument document = JsonDocument.Parse(json.ToJsonString());
            state.ReadJson(document.RootElement, version);
            ReplicaKey? voted = state.VotedId < 0 ? null : new ReplicaKey(state.VotedId, state.VotedDirectoryId);
            return new ElectionState(state.LeaderEpoch, state.LeaderId, voted);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or FormatException or InvalidCastException or ArgumentException)
        {
            throw new MetadataLogCorruptException(Path.Join(folder, Name), $"not a quorum state: {broken.Message}", broken);
        }
    }

    /// <summary>Replaces the file, durably. Blocking.</summary>
    public void Write(ElectionState state, short kraftVersion, VoterSet voters)
    {
        short version = kraftVersion > 0 ? (short)1 : (short)0;
        var data = new QuorumStateData
        {
            LeaderId = state.LeaderId,
            LeaderEpoch = state.Epoch,
            VotedId = state.Voted?.Id ?? -1,
            VotedDirectoryId = version > 0 ? state.Voted?.DirectoryId ?? Uuid.Zero : Uuid.Zero,
        };
        if (version == 0) data.CurrentVoters!.AddRange(voters.Nodes.Select(voter => new QuorumStateData.Voter { VoterId = voter.Id }));
        JsonObject json = data.ToJson(version);
        json[DataVersion] = version;
        AtomicFile.Write(files, folder, Name, json.ToJsonString());
    }
}
