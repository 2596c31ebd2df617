using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Files;
using TrustMesh.Agent.Hosting;
using TrustMesh.Agent.Life;
using TrustMesh.Roots;

namespace TrustMesh.Agent.Commands;

/// <summary><c>trustmesh-agent run</c>: the service itself.</summary>
public static class RunCommand
{
    /// <summary>A loop that did not turn for this long is stuck in the hardware; systemd's watchdog may have it.</summary>
    private static readonly TimeSpan Stuck = TimeSpan.FromMinutes(2);

    public static string Version { get; } = typeof(RunCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    public static Command Create()
    {
        var config = AgentCommand.ConfigOption();
        var verbose = new Option<bool>("--verbose") { Description = "Say more." };
        var command = new Command("run", """
            Run the agent until SIGTERM or Ctrl-C.

            It measures the configured files, joins the mesh if it has not yet (join token), and proves itself: at the silo's interval, and at
            once when a measured file changes. It never gives up: without network it goes on measuring and tries again, at most a minute apart.
            """) { config, verbose };
        command.SetAction((parsed, stop) => RunAsync(parsed.GetRequiredValue(config), parsed.GetValue(verbose), stop));
        return command;
    }

    private static async Task<int> RunAsync(string file, bool verbose, CancellationToken cancelled)
    {
        if (AgentCommand.Read(file, Console.Error) is not { } config) return ExitCode.Usage;
        var log = Journal.ForProcess(verbose ? LogLevel.Debug : LogLevel.Information);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        using var service = ServiceNotification.FromEnvironment();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => End(signal, stop));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => End(signal, stop));
        try
        {
            using var state = StateDirectory.Open(config.State);
            var root = RootOfTrust.Open(config.Root, TimeProvider.System);
            log.Started(config.Name, root.Description, Path.GetFullPath(file));
            using var life = new DeviceLife(config, state, root, TimeProvider.System, log, service, Version);
            using var watchdog = Feed(service, life);
            await life.RunAsync(stop.Token);
            service.Stopping();
            log.Stopped();
            return ExitCode.Ok;
        }
        catch (Exception failed) when (failed is StateException or RootException or IOException or UnauthorizedAccessException)
        {
            log.CanNotRun(failed.Message);
            return ExitCode.Failure;
        }
    }

    private static void End(PosixSignalContext signal, CancellationTokenSource stop)
    {
        signal.Cancel = true;
        stop.Cancel();
    }

    private static ITimer? Feed(ServiceNotification service, DeviceLife life)
        => service.WatchdogPeriod is not { } period ? null : TimeProvider.System.CreateTimer(_ =>
        {
            if (!life.State.Acts || TimeProvider.System.GetUtcNow() - life.TurnedAt < Stuck) service.Alive();
        }, null, TimeSpan.Zero, period);
}
