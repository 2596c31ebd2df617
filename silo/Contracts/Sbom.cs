using System.Reflection;

namespace TrustMesh.Contracts;

/// <summary>What a program is made of: the CycloneDX 1.6 file that the build leaves beside it (infra/Sbom.targets).</summary>
public static class Sbom
{
    public const string MediaType = "application/vnd.cyclonedx+json";

    /// <summary>Of that program. Where somebody put a program together by hand it may not be there.</summary>
    public static string FileOf(Assembly program) => Path.Combine(AppContext.BaseDirectory, $"{program.GetName().Name}.cdx.json");
}
