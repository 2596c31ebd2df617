namespace TrustMesh.Dashboard.Model;

/// <summary>The page that says who may do what where.</summary>
public static class RightsUrl
{
    /// <param name="who">Null: everybody.</param>
    /// <param name="site">Null: everywhere, or where nobody is named the mesh as a whole.</param>
    public static string Of(string? who, string? site) =>
        $"/settings?tab=sites{(string.IsNullOrEmpty(who) ? "" : $"&who={Uri.EscapeDataString(who)}")}{(string.IsNullOrEmpty(site) ? "" : $"&site={Uri.EscapeDataString(site)}")}";
}
