namespace TrustMesh.Contracts;

/// <summary>One line of a timeline or of <c>events watch</c>.</summary>
/// <param name="Sequence">Of the feed; 0 in a stored timeline.</param>
/// <param name="Kind">enrolled, approved, suspended, resumed, revoked, verdict, stale, refused, policy, reference, operator, peer, alarm, revocation, alert.</param>
/// <param name="Actor">Operator's name, <c>device</c>, <c>peers</c>, <c>clock</c>, or <c>alerts</c>.</param>
public sealed record TrustEvent(long Sequence, DateTimeOffset At, string? Device, string? Name, string Kind, string Text, string Actor);
