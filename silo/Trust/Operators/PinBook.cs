using System.Text.Json;
using TrustMesh.Contracts;
using TrustMesh.Trust.Records;

namespace TrustMesh.Trust.Operators;

/// <summary>Where people put devices in their graphs: a row for each person, so that it is the same in every browser and at every silo. Nobody sees another's. Thread-safe.</summary>
public sealed class PinBook(IRecordStore store)
{
    /// <summary>Pins of one person (attack A42).</summary>
    public const int Most = 500;

    private const string Kind = "graph-pins";

    /// <summary>Two browsers of one person may meet; more often than this they do not.</summary>
    private const int Attempts = 8;

    /// <summary>The oldest first.</summary>
    public async Task<IReadOnlyList<GraphPin>> ListAsync(string person, CancellationToken cancellation) => (await ReadAsync(person, cancellation)).Pins;

    /// <summary>Pins a device, or moves its pin. False if there are <see cref="Most"/> already. The caller has checked the values.</summary>
    public async Task<bool> PutAsync(string person, GraphPin pin, CancellationToken cancellation)
    {
        var full = false;
        await ChangeAsync(person, pins =>
        {
            var others = pins.Where(one => one.Device != pin.Device).ToList();
            full = others.Count >= Most;
            return full ? pins : [.. others, pin];
        }, cancellation);
        return !full;
    }

    /// <param name="device">Null: all of them.</param>
    public Task RemoveAsync(string person, string? device, CancellationToken cancellation)
        => ChangeAsync(person, pins => device is null ? [] : [.. pins.Where(one => one.Device != device)], cancellation);

    private async Task ChangeAsync(string person, Func<IReadOnlyList<GraphPin>, IReadOnlyList<GraphPin>> change, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (version, before) = await ReadAsync(person, cancellation);
            var after = change(before);
            if (after.SequenceEqual(before)) return;
            try
            {
                if (after.Count == 0) await store.DeleteAsync(Kind, person, version, cancellation);
                else await store.WriteAsync(Kind, person, version, JsonSerializer.SerializeToUtf8Bytes(new StoredPins(after), TrustJson.Default.StoredPins), cancellation);
                return;
            }
            catch (StaleRecordException) when (attempt < Attempts)
            {
                // The person's other browser was first: on top of what it did.
                continue;
            }
        }
    }

    private async Task<(long Version, IReadOnlyList<GraphPin> Pins)> ReadAsync(string person, CancellationToken cancellation)
    {
        if (await store.ReadAsync(Kind, person, cancellation) is not { } row) return (0, []);
        try
        {
            return (row.Version, JsonSerializer.Deserialize(row.Value.Span, TrustJson.Default.StoredPins)?.Pins ?? []);
        }
        catch (JsonException)
        {
            // A row that was damaged (attack A43) costs the person their pins and nothing else; the next pin writes it anew.
            return (row.Version, []);
        }
    }
}
