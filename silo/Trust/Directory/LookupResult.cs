namespace TrustMesh.Trust.Directory;

/// <summary>How a device named by a person was found: exactly one <paramref name="Device"/>, none, or several.</summary>
public sealed record LookupResult(DeviceEntry? Device, int Matches);
