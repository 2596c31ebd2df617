namespace TrustMesh.Host.Operator;

/// <summary>Where a caller must have the role of a route.</summary>
public enum Reach
{
    /// <summary>In the whole mesh.</summary>
    Mesh,

    /// <summary>At the site of the device the path names; the gate looks it up.</summary>
    Device,

    /// <summary>At a site that only the body or a row says; the gate asks whether the caller has the role anywhere, the route asks for the site.</summary>
    Site,
}
