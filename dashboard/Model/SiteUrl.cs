namespace TrustMesh.Dashboard.Model;

/// <summary>The table of the devices of a site.</summary>
public static class SiteUrl
{
    public static string Of(string site) => DeviceQuery.Parse(null, null, site, null).Url("/devices");
}
