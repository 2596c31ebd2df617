using TrustMesh.Trust.Records;
using TrustMesh.Wire;

namespace TrustMesh.Trust.Peers;

/// <summary>Where the records of issuers are kept: one row each, written whole, with compare-and-swap.</summary>
public sealed class PeerLedger(IRecordStore store)
{
    /// <summary>Kind of its rows.</summary>
    public const string Kind = "peers";

    /// <summary>The record and its row's version; null if there is none. Throws <see cref="UnreadableIssuerException"/>.</summary>
    public async Task<(IssuerRecord Record, long Version)?> ReadAsync(DeviceId issuer, CancellationToken cancellation)
    {
        if (await store.ReadAsync(Kind, issuer.Text, cancellation) is not { } row) return null;
        try
        {
            return (Read(row), row.Version);
        }
        catch (WireException unreadable)
        {
            throw new UnreadableIssuerException(issuer, unreadable);
        }
    }

    /// <summary>Every record, for building <see cref="PeerEdges"/> at start; one that cannot be read is told and left out.</summary>
    public async Task LoadAsync(PeerEdges edges, Action<DeviceId, string> isolated, CancellationToken cancellation)
    {
        await foreach (var row in store.ReadAllAsync(Kind, cancellation))
        {
            try
            {
                edges.Put(Read(row), row.Version);
            }
            catch (WireException unreadable)
            {
                // A key that is no id belongs to no device and is nobody's row (attack A43).
                if (!DeviceId.TryParse(row.Id, out var issuer)) continue;
                edges.Isolate(issuer, unreadable.Message);
                isolated(issuer, unreadable.Message);
            }
        }
    }

    /// <param name="expected">Version of the row the record was made from; 0 if there was none.</param>
    public Task WriteAsync(IssuerRecord record, long expected, CancellationToken cancellation)
        => store.WriteAsync(Kind, record.Issuer.Text, expected, IssuerRecordCodec.Encode(record), cancellation);

    /// <summary>Throws <see cref="WireException"/>.</summary>
    public static IssuerRecord Read(Record row)
    {
        var record = IssuerRecordCodec.Decode(row.Value);
        return record.Issuer.Text == row.Id ? record : throw new WireException("issuer", 0, $"the row is of {record.Issuer}");
    }
}
