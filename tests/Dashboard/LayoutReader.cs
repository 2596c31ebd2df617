namespace TrustMesh.Tests.Dashboard;

/// <summary>The browser's layouts and groups, run by node (layoutCases.ts).</summary>
public sealed class LayoutReader : NodeReader
{
    protected override string Cases => "layoutCases.ts";
}
