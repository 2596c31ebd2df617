using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace TrustMesh.Tests.Host;

/// <summary>Everything that was logged, at every level, with every argument and scope; also shown with the test's output.</summary>
public sealed class LogLines : ILoggerFactory
{
    private readonly ITestOutputHelper? output = TestContext.Current.TestOutputHelper;
    private readonly ConcurrentQueue<string> lines = new();

    public IReadOnlyCollection<string> All => lines;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Lines are kept here and nowhere else.");

    public void Dispose()
    {
    }

    /// <summary>A line that somebody else was told.</summary>
    public void Add(string line) => Add(LogLevel.Debug, line);

    private void Add(LogLevel level, string line)
    {
        lines.Enqueue(line);
        if (level >= LogLevel.Information) output?.WriteLine(line);
    }

    private sealed class Logger(LogLines lines, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            lines.Add(LogLevel.Trace, $"scope {state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => lines.Add(logLevel, $"{logLevel} {category} {formatter(state, exception)} {exception}");
    }
}
