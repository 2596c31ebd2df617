namespace TrustMesh.Contracts;

/// <summary>What a site has before and after.</summary>
/// <param name="Active">Active devices now; <paramref name="Left"/> as many stay.</param>
/// <param name="Falls">Devices that stay and have a quorum of examiners now and not after; the site is below quorum if there is one.</param>
/// <param name="Stays">Of these, those that the rings do not give a quorum again.</param>
public sealed record PlanSite(string Site, int Active, int Left, int Falls, int Stays);
