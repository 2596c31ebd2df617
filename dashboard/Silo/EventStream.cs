using System.Runtime.CompilerServices;
using System.Text;
using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Silo;

/// <summary>
/// Server-sent events (HTML standard 9.2), as far as API.md uses them: named events with one or more data lines. The silo writes a comment every
/// ten seconds, so a stream that is silent for thirty is dead and ends with an <see cref="IOException"/>.
/// </summary>
public static class EventStream
{
    /// <summary>A delta of 50,000 devices fits; a stream that never ends its event does not (A42).</summary>
    private const int EventCap = 64 * 1024 * 1024;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    /// <returns>Event name and data; a comment comes as an empty name.</returns>
    public static async IAsyncEnumerable<(string Name, string Data)> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var reader = new StreamReader(new LineLimitStream(stream, EventCap), Encoding.UTF8);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var name = "message";
        var data = new StringBuilder();
        while (await LineAsync(reader, deadline, cancel) is { } line)
        {
            if (line.Length == 0)
            {
                if (data.Length > 0)
                    yield return (name, data.ToString());
                name = "message";
                data.Clear();
            }
            else if (line[0] == ':')
                yield return ("", "");
            else if (line.StartsWith("event:", StringComparison.Ordinal))
                name = line[6..].Trim();
            else if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                if (data.Length + line.Length > EventCap)
                    throw new IOException("The silo sent an event that never ends.");
                if (data.Length > 0)
                    data.Append('\n');
                data.Append(line.AsSpan(line.Length > 5 && line[5] == ' ' ? 6 : 5));
            }
        }
    }

    private static async ValueTask<string?> LineAsync(StreamReader reader, CancellationTokenSource deadline, CancellationToken cancel)
    {
        deadline.CancelAfter(Silence);
        try
        {
            return await reader.ReadLineAsync(deadline.Token);
        }
        catch (OperationCanceledException silent) when (!cancel.IsCancellationRequested)
        {
            throw new IOException("The silo's feed fell silent.", silent);
        }
    }
}
