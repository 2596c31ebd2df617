using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Files;
using TrustMesh.Agent.Hosting;
using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Outbox;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Agent;

/// <summary>An outbox in a folder, with what it takes to fill it, empty it as a silo does, and open it again.</summary>
public sealed class OutboxDesk : IDisposable
{
    private readonly StateDirectory state;
    private readonly StringWriter journal = new();
    private readonly long capacity;

    public OutboxDesk(string? path = null, long capacity = 8 << 20)
    {
        this.capacity = capacity;
        if (path is null) path = (Folder = new())["state"];
        state = StateDirectory.Open(path);
        Files = new(state);
        Box = Open();
    }

    public Folder? Folder { get; }

    public FaultyFiles Files { get; }

    public VerdictOutbox Box { get; private set; }

    public SessionKey Session { get; } = new(TimeProvider.System);

    public DeviceId Issuer { get; } = DeviceId.FromRootKey([1]);

    public DeviceId Subject { get; } = DeviceId.FromRootKey([2]);

    /// <summary>How often a voucher was asked for.</summary>
    public int VouchersAsked { get; private set; }

    public string Log => journal.ToString();

    public string Path => state.FullPath;

    /// <summary>The segments on disk, in order.</summary>
    public IReadOnlyList<string> Segments => [.. Directory.GetFiles(Path, "outbox-*").Order(StringComparer.Ordinal)];

    public VerdictOutbox Open() => Box = new(Files, capacity, Voucher, new Journal(journal, underSystemd: true, LogLevel.Debug, TimeProvider.System));

    public ReadOnlyMemory<byte> Voucher(SessionKey session)
    {
        VouchersAsked++;
        return new byte[600].Concat(session.Thumbprint).ToArray();
    }

    /// <summary>Records one; the sequence it got.</summary>
    public long Record(SessionKey? session = null, TrustTier status = TrustTier.Affirming, DeviceId? subject = null, int padding = 0)
        => Sequence(Box.Record(sequence => Verdict(sequence, status, subject, padding), session ?? Session));

    public PeerVerdict Verdict(long sequence, TrustTier status = TrustTier.Affirming, DeviceId? subject = null, int padding = 0)
        => new(Issuer, sequence, new byte[32], subject ?? Subject, AssuranceTier.Software, status, new Dictionary<int, int>(), new string('p', padding), 1, 1, 1, 1, new byte[32], 5, 9, [], 1_700_000_000, 1_700_000_600);

    public static long Sequence(ReadOnlyMemory<byte> signed) => PeerVerdict.DecodePayload(CoseSign1.Decode(signed).Payload).Sequence;

    /// <summary>Takes everything as a silo does; the sequences in the order in which they came.</summary>
    public List<long> Deliver(long? next = null)
    {
        var taken = new List<long>();
        var expected = next ?? 1;
        while (Box.Next() is { } upload)
        {
            var wire = VerdictUpload.Decode(upload.Encode());
            foreach (var (voucher, signed) in wire.Verdicts)
            {
                var sequence = Sequence(signed);
                // Each voucher names the key that signed.
                var statement = CoseSign1.Decode(signed);
                Assert.Equal(statement.KeyId.ToArray(), wire.Vouchers[voucher].Evidence.ToArray()[^32..]);
                var thumbprint = new byte[32];
                Assert.True(KeyThumbprint.TryOfSpki(wire.Vouchers[voucher].SessionKey.Span, thumbprint));
                Assert.Equal(statement.KeyId.ToArray(), thumbprint);
                if (sequence < expected) continue;
                taken.Add(sequence);
                expected = sequence + 1;
            }
            if (!Box.Forget(expected)) break;
        }
        return taken;
    }

    public static byte[] Random(int size) => RandomNumberGenerator.GetBytes(size);

    public void Dispose()
    {
        Session.Dispose();
        state.Dispose();
        Folder?.Dispose();
        TestContext.Current.TestOutputHelper?.WriteLine(Log);
    }
}
