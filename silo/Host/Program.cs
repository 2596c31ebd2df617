using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using TrustMesh.Host;
using TrustMesh.Host.Settings;

if (CommandLine.AsksForHelp(args))
{
    Console.Write(CommandLine.Help);
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
    .Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace));

var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    await using var process = await SiloProcess.StartAsync(settings, loggers, TimeProvider.System, CancellationToken.None);
    if (settings.CodeFile is null) Console.WriteLine(process.AdminCode);
    await stop.Task;
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
    stop.TrySetResult();
}
