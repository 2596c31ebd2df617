using TrustMesh.Wire;

namespace TrustMesh.Trust.Twins;

/// <summary>A stored twin that cannot be read; its device is isolated, everything else works (attack A43).</summary>
public sealed class UnreadableTwinException(DeviceId device, WireException inner)
    : Exception($"The stored state of {device} cannot be read ({inner.Message}). Restore the row from a backup or delete it and enrol the device again.", inner);
