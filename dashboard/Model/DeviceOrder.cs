namespace TrustMesh.Dashboard.Model;

/// <summary>Order of a device list; ties by name, then id. What a device has not stands last.</summary>
public enum DeviceOrder
{
    Name,

    /// <summary>The most urgent first.</summary>
    Risk,
    Site,
    Model,

    /// <summary>The best first.</summary>
    Root,

    /// <summary>The oldest first, likewise the next.</summary>
    Proven,
    Since,
    Expires,
    Firmware,
    Agent,
    Policy,
}
