using System.Runtime.InteropServices;
using TrustMesh.Fleet;

if (args is ["--help" or "-h"])
{
    Console.Write(FleetOptions.Help);
    return 0;
}
var (options, problem) = FleetOptions.Parse(args);
if (options is null)
{
    Console.Error.WriteLine(problem);
    return 2;
}
using var stop = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    var told = 0;
    await using var running = await RunningFleet.StartAsync(options, count =>
    {
        if (count - told < 1_000 && count < options.Devices) return;
        told = count;
        Console.Error.WriteLine($"{count} of {options.Devices} simulated devices have enrolled.");
    }, null, stop.Token);
    if (options.CodeFile is null) Console.WriteLine(running.Code);
    Console.Error.WriteLine($"Operators at {running.Address}");
    await running.Life.WaitAsync(stop.Token);
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 0;
}
catch (Exception failed) when (failed is InvalidDataException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(failed.Message);
    return 1;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
