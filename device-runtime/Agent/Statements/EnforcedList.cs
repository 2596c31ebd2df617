namespace TrustMesh.Agent.Statements;

/// <summary>The status list a device enforces.</summary>
/// <param name="Serial">0: none yet.</param>
/// <param name="Since"><see cref="TimeProvider.GetTimestamp"/> of the moment, for clocks jump.</param>
public readonly record struct EnforcedList(long Serial, long Since);
