namespace TrustMesh.Trust.Records;

/// <summary>The row has another version than expected; nothing was written.</summary>
public sealed class StaleRecordException(string kind, long expected) : Exception($"A {kind} row is no longer at version {expected}.");
