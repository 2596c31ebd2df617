using System.Diagnostics;
using System.Runtime.Versioning;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Demo;

/// <summary>One demo from start to end: whatever happens, everything it started is ended before it returns.</summary>
[SupportedOSPlatform("linux")]
internal static class DemoRun
{
    private static readonly TimeSpan Extra = TimeSpan.FromSeconds(5);

    public static async Task<ExitCode> RunAsync(DemoOptions options, Surroundings surroundings, Printer printer)
    {
        try
        {
            using var folder = DemoFolder.Open(options.State);
            await using var children = new Children();
            var mesh = new DemoMesh(options, folder, Programs.Find(), children, surroundings);
            try
            {
                return await RunAsync(options, mesh, folder, children, surroundings, printer);
            }
            finally
            {
                mesh.Api?.Dispose();
                surroundings.Error.WriteLine("Stopping ...");
            }
        }
        catch (DemoFailure failure)
        {
            surroundings.Error.WriteLine($"trustmesh: {failure.Message}");
            return ExitCode.Failure;
        }
    }

    private static async Task<ExitCode> RunAsync(
        DemoOptions options, DemoMesh mesh, DemoFolder folder, Children children, Surroundings surroundings, Printer printer)
    {
        var started = Stopwatch.StartNew();
        using var deadline = new CancellationTokenSource(options.Timeout, surroundings.Time);
        using var run = CancellationTokenSource.CreateLinkedTokenSource(surroundings.Stopping, children.Died);
        using var start = CancellationTokenSource.CreateLinkedTokenSource(run.Token, deadline.Token);
        try
        {
            await mesh.StartAsync(start.Token);
            if (options.Check)
            {
                var view = await mesh.Api!.MeshAsync(run.Token);
                var trusted = mesh.Devices.Count(mesh.IsTrusted);
                printer.JsonLine(new DemoResult(mesh.Devices.Count, trusted, view.EvidenceAccepted, Math.Round(started.Elapsed.TotalSeconds, 1)), CliJson.Default.DemoResult);
                return ExitCode.Ok;
            }
            await WelcomeAsync(mesh, folder, surroundings, run.Token);
            // Follows the graph, and tells about it, until Ctrl-C or a death.
            await mesh.Graph!.UntilAsync(() => false, run.Token);
            return ExitCode.Ok;
        }
        catch (OperationCanceledException) when (surroundings.Stopping.IsCancellationRequested)
        {
            return options.Check || mesh.DashboardAddress.Length == 0 ? ExitCode.Interrupted : ExitCode.Ok;
        }
        catch (Exception failed) when (children.Dead is { } && (failed is OperationCanceledException or CommandFailure))
        {
            throw new DemoFailure(children.Dead.Obituary(), failed);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new DemoFailure($"Not every device was trusted within {options.Timeout.TotalSeconds:0} s.\n{await WhyAsync(mesh, children)}");
        }
        catch (CommandFailure failed)
        {
            throw new DemoFailure(failed.Message, failed);
        }
    }

    private static async Task WelcomeAsync(DemoMesh mesh, DemoFolder folder, Surroundings surroundings, CancellationToken ct)
    {
        var code = await mesh.Api!.AddOperatorAsync(new OperatorRequest("demo", "admin"), ct);
        var victim = mesh.Devices[Math.Min(1, mesh.Devices.Count - 1)];
        surroundings.Out.WriteLine($"""

            Dashboard:     {mesh.DashboardAddress}
            Sign-in code:  {code.Code}   (once, until {Shown.Time(code.ExpiresAt)})

            In another shell, trustmesh is signed in with:
              export TRUSTMESH_SILO={mesh.SiloAddress}
              export TRUSTMESH_TOKEN_FILE='{folder.Token}'
              '{Path.Combine(AppContext.BaseDirectory, "trustmesh")}' device list

            Change a measured file and watch {victim.Name} lose its trust:
              echo x >> '{victim.Sensitive}'

            Logs:          {folder.At("logs")}
            Ctrl-C ends everything.

            """);
        surroundings.Out.Flush();
    }

    /// <summary>Every device that is not trusted, what was wrong with its evidence, and what its agent said last.</summary>
    private static async Task<string> WhyAsync(DemoMesh mesh, Children children)
    {
        using var limit = new CancellationTokenSource(Extra);
        var lines = new List<string>();
        foreach (var device in mesh.Devices)
        {
            if (mesh.IsAsGoodAsItGets(device)) continue;
            var node = mesh.NodeOf(device);
            lines.Add($"{device.Name}: {node?.Look ?? "has not joined"}");
            if (node?.ProvenAt is not null && mesh.Api is { } api)
                try
                {
                    var detail = await api.DeviceAsync(node.Id, limit.Token);
                    lines.AddRange((detail.Verdict?.Because ?? []).Where(one => one.Outcome != "pass").Take(5).Select(one => $"  {one.Check} {one.Claim}: expected {one.Expected}, got {one.Got}"));
                }
                catch (Exception silent) when (silent is CommandFailure or OperationCanceledException)
                {
                    lines.Add($"  The silo did not say why: {silent.Message}");
                }
            if (children.All.FirstOrDefault(child => child.Name == $"agent of {device.Name}") is { } agent) lines.Add(agent.Tail());
        }
        if (mesh.Api is null && children.All.FirstOrDefault(child => child.Name == "silo") is { } silo) lines.Add(silo.Tail());
        return string.Join('\n', lines);
    }
}
