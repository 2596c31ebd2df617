using System.Runtime.InteropServices;

namespace TrustMesh.Cli;

/// <summary>
/// Everything a command touches outside itself. A test puts its own streams, variables and HTTP there and runs commands in process.
/// </summary>
/// <param name="Variable">An environment variable, null when unset or empty.</param>
/// <param name="Http">Makes the handler that reaches a silo; called once per client, which disposes it.</param>
/// <param name="Stopping">Cancelled by SIGINT and SIGTERM.</param>
internal sealed record Surroundings(
    TextReader In, TextWriter Out, TextWriter Error, bool InIsTerminal, bool OutIsTerminal,
    Func<string, string?> Variable, Func<HttpMessageHandler> Http, TimeProvider Time, CancellationToken Stopping)
{
    /// <summary>Waits for a key on the terminal, which does not show it. Throws <see cref="InvalidOperationException"/> where there is no terminal.</summary>
    public Func<char> Key { get; init; } = () => Console.ReadKey(intercept: true).KeyChar;

    /// <summary>The real ones. Signals are registered for the life of the process.</summary>
    public static Surroundings OfThisProcess()
    {
        var stopping = new CancellationTokenSource();
        // Kept alive by the token below; the process ends with them.
        var signals = new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }
            .Select(signal => PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                stopping.Cancel();
            })).ToArray();
        stopping.Token.Register(() => GC.KeepAlive(signals));
        return new(
            Console.In, Console.Out, Console.Error, !Console.IsInputRedirected, !Console.IsOutputRedirected,
            name => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null,
            // A redirect would carry the session token to another address.
            () => new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5) },
            TimeProvider.System, stopping.Token);
    }
}
