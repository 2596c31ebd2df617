using System.Text.Json;
using System.Text.Json.Serialization;
using TrustMesh.Agent.Files;

namespace TrustMesh.Agent.Life;

/// <summary>What <c>trustmesh-agent status</c> shows: status.json, written at every change of phase. It informs people; nothing is decided by it.</summary>
/// <param name="Tier">software, hardware-key, tpm-quote, guardian.</param>
/// <param name="Silo">The silo the agent turns to now, one of <paramref name="Silos"/>.</param>
/// <param name="Log">new, equal, extended, differs: how the log stood to the register when it was taken up.</param>
/// <param name="Result">none, affirming, warning, contraindicated: the silo's last word, or null before the first.</param>
public sealed record AgentStatus(
    string Version,
    int Process,
    string Name,
    string Device,
    string Root,
    string Tier,
    string Silo,
    AgentPhase Phase,
    string Reason,
    DateTimeOffset Since,
    DateTimeOffset? Next,
    int Attempt,
    string? Standing,
    string? Result,
    DateTimeOffset? ProvenAt,
    uint Boot,
    string Log,
    int Entries,
    int Files,
    DateTimeOffset WrittenAt,
    MeshStatus? Mesh = null,
    IReadOnlyList<string>? Silos = null)
{
    public const string FileName = "status.json";

    /// <summary>The stored status, or null. Throws <see cref="StateException"/>.</summary>
    public static AgentStatus? Load(StateDirectory state)
    {
        if (state.Read(FileName) is not { } bytes) return null;
        try
        {
            return JsonSerializer.Deserialize(bytes, StatusJson.Default.AgentStatus);
        }
        catch (JsonException damaged)
        {
            throw new StateException($"{FileName} in {state.FullPath} is damaged. Start the agent; it writes a new one.", damaged);
        }
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, StatusJson.Default.AgentStatus);
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(AgentStatus))]
internal sealed partial class StatusJson : JsonSerializerContext;
