namespace TrustMesh.Dashboard.Model;

/// <summary>Order of a device list; ties by name, then id.</summary>
public enum DeviceOrder
{
    Name,
    Risk,
    Site,
    Proven,
}
