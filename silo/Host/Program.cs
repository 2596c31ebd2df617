using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using TrustMesh.Contracts;
using TrustMesh.Host;
using TrustMesh.Host.Settings;

if (CommandLine.AsksForHelp(args))
{
    Console.Write(CommandLine.Help);
    return 0;
}
if (args is ["--sbom"])
{
    if (!File.Exists(Sbom.FileOf(typeof(SiloProcess).Assembly)))
    {
        Console.Error.WriteLine($"{Sbom.FileOf(typeof(SiloProcess).Assembly)} is not there; the build puts it beside the program.");
        return 1;
    }
    Console.Write(File.ReadAllText(Sbom.FileOf(typeof(SiloProcess).Assembly)));
    return 0;
}
var (settings, errors) = SettingsReader.Read(args);
if (settings is null)
{
    foreach (var error in errors) Console.Error.WriteLine(error);
    return 2;
}
// Everything but the one-time code goes to standard error.
using var loggers = LoggerFactory.Create(logging => logging
    .AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat, console.UseUtcTimestamp) = (true, "yyyy-MM-ddTHH:mm:ssZ ", true))
    .AddFilter("Microsoft", LogLevel.Warning)
    // What matters of it is told in sentences of our own.
    .AddFilter("Orleans", LogLevel.Critical)
    .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
    // It tells of every try, thousands in a minute in which a silo is gone; what fails in the end is told by whoever tried.
    .AddFilter("Polly", LogLevel.Critical)
    .Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace));

var putOut = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    await using var process = await SiloProcess.StartAsync(settings, loggers, TimeProvider.System, CancellationToken.None, why => putOut.TrySetResult(why));
    if (settings.CodeFile is null) Console.WriteLine(process.AdminCode);
    // Break glass: a fresh code from the machine, without a restart (systemctl reload).
    using var renew = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
    {
        context.Cancel = true;
        _ = RenewAsync(process);
    });
    if (await Task.WhenAny(stop.Task, putOut.Task) == stop.Task) return 0;
    Console.Error.WriteLine($"This silo is no longer one of its cluster: {putOut.Task.Result}");
    // Nothing here may be handed over any more: the others have it already.
    Environment.Exit(3);
    return 3;
}
catch (Exception failed) when (failed is InvalidDataException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(failed.Message);
    return 1;
}

async Task RenewAsync(SiloProcess process)
{
    try
    {
        await process.RenewCodeAsync(CancellationToken.None);
        if (settings.CodeFile is null) Console.WriteLine(process.AdminCode);
        else Console.Error.WriteLine($"A fresh one-time admin code is in {settings.CodeFile}.");
    }
    catch (Exception failed)
    {
        Console.Error.WriteLine($"A fresh one-time code could not be made: {failed.Message}");
    }
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.TrySetResult();
}
