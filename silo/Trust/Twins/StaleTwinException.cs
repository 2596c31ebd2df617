using TrustMesh.Wire;

namespace TrustMesh.Trust.Twins;

/// <summary>The row has another version than expected: somebody else moved the twin. Nothing was written. Reload and decide again.</summary>
public sealed class StaleTwinException(DeviceId device, long expected) : Exception($"{device} is no longer at version {expected}.");
