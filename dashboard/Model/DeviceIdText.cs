namespace TrustMesh.Dashboard.Model;

/// <summary>The eight characters by which people tell devices apart (the first two of a UEID text are the same for all).</summary>
public static class DeviceIdText
{
    public static string Short(string id) => id.Length == 53 ? id.Substring(2, 8) : id.Length > 8 ? id[..8] : id;
}
