namespace TrustMesh.Cli.Demo;

/// <summary>Where the other programs of TrustMesh are: beside this one when installed, in the build folders of the repository otherwise.</summary>
internal sealed record Programs(string Silo, string Dashboard, string Agent)
{
    public static Programs Find()
    {
        var here = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        return new(Find(here, "trustmesh-silo", "silo/Host"), Find(here, "trustmesh-dashboard", "dashboard"), Find(here, "trustmesh-agent", "device-runtime/Agent"));
    }

    /// <summary>The program of simulated fleets. Not part of an installation: nothing there may pass for a device.</summary>
    public static string FindFleet() => Find(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar), "trustmesh-fleet", "silo/Fleet");

    /// <summary>A file of the repository this program was built in; null if it is not there, or if this program stands elsewhere.</summary>
    public static string? InRepository(string file)
    {
        for (var at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
            if (File.Exists(Path.Combine(at, "TrustMesh.sln"))) return Path.Combine(at, file) is var found && File.Exists(found) ? found : null;
        return null;
    }

    private static string Find(string here, string name, string project)
    {
        if (File.Exists(Path.Combine(here, name))) return Path.Combine(here, name);
        // …/silo/Cli/bin/Debug/net10.0: the same configuration of the same build.
        var framework = Path.GetFileName(here);
        var configuration = Path.GetFileName(Path.GetDirectoryName(here)!);
        for (var at = here; at is not null; at = Path.GetDirectoryName(at))
        {
            if (!File.Exists(Path.Combine(at, "TrustMesh.sln"))) continue;
            var built = Path.Combine(at, project, "bin", configuration, framework, name);
            if (File.Exists(built)) return built;
            throw new DemoFailure($"{built} is missing. Build it: dotnet build TrustMesh.sln");
        }
        throw new DemoFailure($"{name} is not beside trustmesh. Install it there, or run the demo from the repository: infra/run");
    }
}
