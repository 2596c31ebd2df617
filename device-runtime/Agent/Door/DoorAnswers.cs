using System.Text.Json;
using System.Text.Json.Serialization;

namespace TrustMesh.Agent.Door;

/// <summary>What is said of one peer. DOOR.md; null where nothing is known.</summary>
/// <param name="Verdict">affirming, warning, contraindicated, none (looked at, nothing can be said), expired, unknown (never looked at, or no such peer).</param>
internal record DoorPeer(string? Peer, string? Name, string? Site, bool Allowed, string Verdict, string? Tier, string? Judged, string? Expires, string? Address, string? Reason);

/// <summary>One peer with everything behind the verdict.</summary>
internal sealed record DoorDetail(
    string? Peer, string? Name, string? Site, bool Allowed, string Verdict, string? Tier, string? Judged, string? Expires, string? Address, string? Reason,
    string? Model, bool Assigned, IReadOnlyList<string> Addresses, int Passed, long NonceAgeMs, IReadOnlyList<DoorFinding> Because)
    : DoorPeer(Peer, Name, Site, Allowed, Verdict, Tier, Judged, Expires, Address, Reason);

internal sealed record DoorFinding(string Check, string Claim, string Expected, string Got, string Rule, string Outcome);

internal sealed record DoorStatus(int Peers, int Allowed, int Connections, int Subscriptions, string Time);

internal sealed record DoorEnd(bool End);

internal sealed record DoorError(string Error);

/// <summary>Requests are read strictly: an unknown member, a member twice or another type is an error, never a guess.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false, MaxDepth = 4)]
[JsonSerializable(typeof(DoorRequest))]
[JsonSerializable(typeof(DoorPeer))]
[JsonSerializable(typeof(DoorDetail))]
[JsonSerializable(typeof(DoorStatus))]
[JsonSerializable(typeof(DoorEnd))]
[JsonSerializable(typeof(DoorError))]
internal sealed partial class DoorJson : JsonSerializerContext
{
    /// <summary>A line with its end.</summary>
    public static byte[] Line<T>(T answer, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) => [.. JsonSerializer.SerializeToUtf8Bytes(answer, type), (byte)'\n'];

    public static byte[] Error(string sentence) => Line(new(sentence), Default.DoorError);
}
