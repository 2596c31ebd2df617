using System.Globalization;
using System.Runtime.Versioning;
using TrustMesh.Cli.Api;
using TrustMesh.Cli.Commands;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Demo;

/// <summary>
/// A simulated fleet, to see what thousands of devices look like: a real silo, a real dashboard, and devices that exist only in memory. Whatever happens,
/// everything it started is ended, and everything it made removed, before it returns.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class FleetDemo
{
    public static async Task<ExitCode> RunAsync(FleetDemoOptions options, Surroundings surroundings)
    {
        try
        {
            using var folder = DemoFolder.Open(null);
            await using var children = new Children();
            try
            {
                await RunAsync(options, folder, children, surroundings);
                return ExitCode.Ok;
            }
            catch (OperationCanceledException) when (surroundings.Stopping.IsCancellationRequested)
            {
                return ExitCode.Ok;
            }
            catch (Exception failed) when (children.Dead is { } && failed is OperationCanceledException or CommandFailure)
            {
                throw new DemoFailure(children.Dead?.Obituary() ?? failed.Message, failed);
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

    private static async Task RunAsync(FleetDemoOptions options, DemoFolder folder, Children children, Surroundings surroundings)
    {
        using var run = CancellationTokenSource.CreateLinkedTokenSource(surroundings.Stopping, children.Died);
        var (fleet, programs) = (Programs.FindFleet(), Programs.Find());
        surroundings.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{options.Devices} simulated devices enrol and prove themselves; that takes about {Math.Max(1, options.Devices / 500)} s ..."));
        var (ready, code, up) = (folder.At("fleet-ready.json"), folder.At("fleet-code"), folder.At("dashboard-ready"));
        await children.StartAsync("silo", folder.Log("fleet"), folder.Path,
            fleet, "--devices", Text(options.Devices), "--sites", Text(options.Sites), "--rate", Text(options.Rate), "--seed", Text(options.Seed), "--state", folder.At("silo"), "--ready-file", ready, "--code-file", code);
        await Arrival.OfAsync(ready, run.Token);
        var silo = new Uri(ReadySilo.Read(ready).Operator).GetLeftPart(UriPartial.Authority);
        await children.StartAsync("dashboard", folder.Log("dashboard"), folder.Path,
            programs.Dashboard, "--silo", silo, "--listen", $"http://127.0.0.1:{FreePort.From(options.Port)}", "--ready-file", up, "--state", folder.Folder("dashboard"));
        await Arrival.OfAsync(up, run.Token);
        var (_, session) = await SessionCommands.SignInAsync(SiloAddresses.Parse(silo), (await File.ReadAllTextAsync(code, run.Token)).Trim(), surroundings.Http, run.Token);
        new SessionFile(folder.Token).Write(SavedSessions.None.With(SiloAddresses.Parse(silo), session));
        using var api = new SiloApi(SiloAddresses.Parse(silo), session.Token, surroundings.Http());
        var one = await api.AddOperatorAsync(new OperatorRequest("demo", "admin"), run.Token);
        var dashboard = (await File.ReadAllTextAsync(up, run.Token)).Trim();
        surroundings.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""

            Dashboard:     {dashboard}/graph
            Sign-in code:  {one.Code}   (once, until {Shown.Time(one.ExpiresAt)})

            {options.Devices} simulated devices at {options.Sites} sites, {options.Rate} changes a second, seed {options.Seed}. No such device exists: their keys are in memory.
            The silo is a real one and judges what they prove. In another shell, trustmesh is signed in to it with:
              export TRUSTMESH_SILO={silo}
              export TRUSTMESH_TOKEN_FILE='{folder.Token}'
              trustmesh device list

            Logs:          {folder.At("logs")}
            Ctrl-C ends everything, and removes it.

            """));
        surroundings.Out.Flush();
        await Task.Delay(Timeout.InfiniteTimeSpan, surroundings.Time, run.Token); // Until Ctrl-C, or the death of a child.
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
