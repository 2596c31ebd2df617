using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace TrustMesh.Agent.Hosting;

/// <summary>
/// Writes one line per message to standard error: under systemd with the journal's priority prefix, else with time and level. Control
/// characters, line ends among them, become spaces: nobody forges a second line (attack A44).
/// </summary>
public sealed class Journal(TextWriter writer, bool underSystemd, LogLevel least, TimeProvider time) : ILogger
{
    private readonly Lock gate = new();

    /// <summary>Standard error as systemd or a terminal wants it.</summary>
    public static Journal ForProcess(LogLevel least)
        => new(Console.Error, Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 }, least, TimeProvider.System);

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel level) => level >= least && level != LogLevel.None;

    public void Log<TState>(LogLevel level, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(level)) return;
        var line = new StringBuilder();
        if (underSystemd) line.Append('<').Append(Priority(level)).Append('>');
        else line.Append(time.GetUtcNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)).Append(' ').Append(Word(level)).Append(' ');
        foreach (var c in formatter(state, exception)) line.Append(char.IsControl(c) ? ' ' : c);
        lock (gate) writer.WriteLine(line);
    }

    /// <summary>syslog(3) priorities.</summary>
    private static int Priority(LogLevel level) => level switch { >= LogLevel.Critical => 2, LogLevel.Error => 3, LogLevel.Warning => 4, LogLevel.Information => 6, _ => 7 };

    private static string Word(LogLevel level) => level switch { >= LogLevel.Error => "error  ", LogLevel.Warning => "warning", LogLevel.Information => "info   ", _ => "debug  " };
}
