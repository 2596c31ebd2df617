using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Orleans.Following;

/// <summary>One change in a shard of the index; one of the first three is there.</summary>
/// <param name="Entry">A device as its twin was saved last.</param>
/// <param name="Edges">What a device says about others.</param>
/// <param name="Unreadable">A device whose row cannot be read, and <paramref name="Why"/> (attack A43).</param>
/// <param name="Lines">What happened to the device with this change; none in a whole.</param>
/// <param name="Session">Hex thumbprint (RFC 9679) of the session key its last evidence vouched for; null before the first.</param>
/// <param name="Change">What the status list has to say of the device.</param>
public sealed record ShardItem(
    DeviceEntry? Entry = null, IssuerEdges? Edges = null, DeviceId? Unreadable = null, string? Why = null, TwinEvent[]? Lines = null, string? Session = null, StatusChange? Change = null)
{
    public static ShardItem Of(TwinState state, IReadOnlyList<TwinEvent> lines, DateTimeOffset now)
    {
        var sessions = state.Attester.Sessions;
        return new(DeviceEntry.Of(state), null, null, null, [.. lines], sessions.IsEmpty ? null : Convert.ToHexStringLower(sessions[^1].Span), StatusChange.Of(state, now));
    }
}
