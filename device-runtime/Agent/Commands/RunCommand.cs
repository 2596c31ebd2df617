using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Configuration;
using TrustMesh.Agent.Files;
using TrustMesh.Agent.Hosting;
using TrustMesh.Agent.Life;
using TrustMesh.Roots;

namespace TrustMesh.Agent.Commands;

/// <summary><c>trustmesh-agent run</c>: the service itself.</summary>
public static class RunCommand
{
    /// <summary>A loop that did not turn for this long is stuck in the hardware; systemd's watchdog may have it.</summary>
    private static readonly TimeSpan Stuck = TimeSpan.FromMinutes(3);

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
            await LiveAsync(config, file, state, log, service, stop.Token);
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

    /// <summary>
    /// One life after another: a root of trust that answered once and then stops answering is opened anew, for ever. One that does not open at
    /// the first start is most likely a mistake in the configuration and ends the process with a message.
    /// </summary>
    private static async Task LiveAsync(AgentConfig config, string file, StateDirectory state, Journal log, ServiceNotification service, CancellationToken stop)
    {
        var time = TimeProvider.System;
        for (var (lived, attempt) = (false, 0); !stop.IsCancellationRequested;)
        {
            try
            {
                using var root = RootOfTrust.Open(config.Root, time);
                log.Started(config.Name, root.Description, Path.GetFullPath(file));
                await using var life = new DeviceLife(config, state, root, time, log, service, Version);
                using var watchdog = Feed(service, life, time);
                (lived, attempt) = (true, 0);
                await life.RunAsync(stop);
            }
            catch (RootException lost) when (lived)
            {
                var delay = Backoff.Delay(++attempt, Random.Shared.NextDouble());
                log.RootLost(delay.TotalSeconds, lost.Message);
                // A stop ends the wait early; the loop then sees it.
                await Task.Delay(delay, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static void End(PosixSignalContext signal, CancellationTokenSource stop)
    {
        signal.Cancel = true;
        stop.Cancel();
    }

    private static ITimer? Feed(ServiceNotification service, DeviceLife life, TimeProvider time)
        => service.WatchdogPeriod is not { } period ? null : time.CreateTimer(_ =>
        {
            if (!life.State.Acts || time.GetUtcNow() - life.TurnedAt < Stuck) service.Alive();
        }, null, TimeSpan.Zero, period);
}
