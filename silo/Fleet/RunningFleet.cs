using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TrustMesh.Host;

namespace TrustMesh.Fleet;

/// <summary>A silo with its listeners and a fleet of simulated devices, from start to stop. The executable, tests and benchmarks run the same.</summary>
public sealed class RunningFleet : IAsyncDisposable
{
    private readonly CancellationTokenSource end = new();
    private readonly SimulatedFleet fleet;
    private readonly SiloProcess process;

    private RunningFleet(FleetOptions options, SimulatedFleet fleet, SiloProcess process)
    {
        (this.fleet, this.process) = (fleet, process);
        Life = new FleetLife(options, fleet, process.Silo).RunAsync(end.Token);
    }

    /// <summary>Ends with an exception if the fleet could not go on.</summary>
    public Task Life { get; }

    /// <summary>http://host:port of the operator API.</summary>
    public Uri Address => process.OperatorAddress;

    /// <summary>The first admin's one-time code.</summary>
    public string Code => process.AdminCode;

    /// <param name="progress">Told how many devices there are so far.</param>
    public static async Task<RunningFleet> StartAsync(FleetOptions options, Action<int> progress, ILoggerFactory? loggers, CancellationToken ct)
    {
        var fleet = new SimulatedFleet(options);
        try
        {
            await FleetFilling.FillAsync(options, fleet, progress, ct);
            return new(options, fleet, await SiloProcess.StartAsync(FleetFilling.Settings(options), loggers ?? NullLoggerFactory.Instance, TimeProvider.System, ct));
        }
        catch
        {
            fleet.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await Life.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await process.DisposeAsync();
        fleet.Dispose();
        end.Dispose();
    }
}
