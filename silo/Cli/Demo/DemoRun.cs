using System.Diagnostics;
using System.Runtime.Versioning;
using TrustMesh.Cli.Output;

namespace TrustMesh.Cli.Demo;

/// <summary>One demo from start to end: whatever happens, everything it started is ended, and everything it made removed, before it returns.</summary>
[SupportedOSPlatform("linux")]
internal static class DemoRun
{
    public static async Task<ExitCode> RunAsync(DemoOptions options, Surroundings surroundings, Printer printer)
    {
        try
        {
            using var folder = DemoFolder.Open(options.State);
            await using var network = await NetworkAsync(options, surroundings);
            await using var children = new Children();
            using var mesh = new DemoMesh(options, folder, Programs.Find(), children, network, surroundings);
            try
            {
                return await RunAsync(options, mesh, folder, children, surroundings, printer);
            }
            finally
            {
                surroundings.Error.WriteLine("Stopping ...");
            }
        }
        catch (DemoFailure failure)
        {
            surroundings.Error.WriteLine($"trustmesh: {failure.Message}");
            return ExitCode.Failure;
        }
    }

    private static async Task<INetwork> NetworkAsync(DemoOptions options, Surroundings surroundings)
    {
        var why = "as you asked";
        if (options.Namespaces)
        {
            var (network, problem) = await NamespaceNetwork.TryMakeAsync(options.All, surroundings.Stopping);
            if (network is not null)
            {
                surroundings.Error.WriteLine($"Every device has a network namespace of its own; {(options.Silos > 1 ? "the silos are" : "the silo is")} at {network.Silo} for them.");
                return network;
            }
            why = problem;
        }
        surroundings.Error.WriteLine($"All devices share this machine's loopback and their kernel closes no door: {Shown.Line(why)}.");
        return new LoopbackNetwork(options.All, Environment.ProcessId);
    }

    private static async Task<ExitCode> RunAsync(
        DemoOptions options, DemoMesh mesh, DemoFolder folder, Children children, Surroundings surroundings, Printer printer)
    {
        var (started, missing) = (Stopwatch.StartNew(), "Not every device was trusted");
        using var deadline = new CancellationTokenSource(options.Timeout, surroundings.Time);
        using var run = CancellationTokenSource.CreateLinkedTokenSource(surroundings.Stopping, children.Died);
        using var start = CancellationTokenSource.CreateLinkedTokenSource(run.Token, deadline.Token);
        try
        {
            await mesh.StartAsync(start.Token);
            if (!options.Check)
            {
                await StayAsync(mesh, folder, surroundings, run);
                return ExitCode.Ok;
            }
            var seconds = Math.Round(started.Elapsed.TotalSeconds, 1);
            SiloDrill? drill = null;
            if (mesh.Silos.AreSeveral)
            {
                missing = "A silo was killed, and not every device was answered by another one and trusted, with all silos back,";
                deadline.CancelAfter(options.Timeout);
                drill = await SiloDrill.RunAsync(mesh, surroundings, start.Token);
            }
            var evidence = (await mesh.Api.SilosAsync(run.Token)).Sum(silo => silo.Accepted);
            printer.JsonLine(new DemoResult(mesh.Devices.Count, mesh.Devices.Count(mesh.IsTrusted), evidence, mesh.Graph!.Trusting.Count(), seconds,
                drill is null ? null : mesh.Silos.All.Count, drill?.Killed, drill?.Answered), CliJson.Default.DemoResult);
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
            throw new DemoFailure($"{missing} within {options.Timeout.TotalSeconds:0} s.\n{await DemoAutopsy.WhyAsync(mesh, children)}");
        }
        catch (CommandFailure failed)
        {
            throw new DemoFailure(failed.Message, failed);
        }
    }

    /// <summary>Follows the graph, tells about it, and does what people ask, until Ctrl-C, <c>q</c> or a death.</summary>
    private static async Task StayAsync(DemoMesh mesh, DemoFolder folder, Surroundings surroundings, CancellationTokenSource run)
    {
        var control = new DemoControl(mesh, surroundings);
        await using var socket = new ControlSocket(folder, control.ObeyAsync);
        var keyboard = surroundings is { InIsTerminal: true, OutIsTerminal: true };
        // Before the text invites to press one: a terminal that nobody reads from keeps what is typed until Enter.
        var keys = keyboard ? Keys.Of(surroundings.Key) : null;
        await DemoWelcome.WriteAsync(mesh, folder, surroundings, keyboard, run.Token);
        var following = mesh.UntilAsync(() => false, run.Token);
        if (keys is not null && await Task.WhenAny(following, control.ObeyKeysAsync(keys, run.Token)) is var first && first != following)
        {
            await first;
            return;
        }
        await following;
    }
}
