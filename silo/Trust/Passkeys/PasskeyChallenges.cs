using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using TrustMesh.Trust.Records;

namespace TrustMesh.Trust.Passkeys;

/// <summary>
/// Challenges of passkey ceremonies: <c>random 16 ‖ end 8 ‖ HMAC 32</c> over both and what it is for (ceremony, origin, browser, person). Whoever asks for
/// one costs no storage (attack A42); any silo of the mesh knows its own and the others'; used ones are remembered until their end. The key lies with the
/// sessions: whoever reads it can make challenges, and still no authenticator signs them. Thread-safe.
/// </summary>
internal sealed class PasskeyChallenges(IRecordStore store, TimeProvider time)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private const string KeyKind = "operator-key", KeyId = "passkey-challenge";
    private const int Random = 16, Signed = Random + 8, Whole = Signed + 32;

    private readonly SpentMarks used = new(store, "passkey-used", time);
    private byte[]? key;

    /// <param name="person">Null at a sign-in, where it is not known yet.</param>
    public async Task<byte[]> MakeAsync(string ceremony, string origin, ReadOnlyMemory<byte> binding, string? person, CancellationToken cancellation)
    {
        var challenge = new byte[Whole];
        RandomNumberGenerator.Fill(challenge.AsSpan(0, Random));
        BinaryPrimitives.WriteInt64BigEndian(challenge.AsSpan(Random), (time.GetUtcNow() + Life).ToUnixTimeMilliseconds());
        Seal(await KeyAsync(cancellation), challenge, ceremony, origin, binding, person).CopyTo(challenge, Signed);
        return challenge;
    }

    /// <summary>Says why a challenge does not count; null if it does, as far as it was not used.</summary>
    public async Task<Func<ReadOnlyMemory<byte>, string?>> JudgeAsync(string ceremony, string origin, ReadOnlyMemory<byte> binding, string? person, CancellationToken cancellation)
    {
        var (mine, now) = (await KeyAsync(cancellation), time.GetUtcNow().ToUnixTimeMilliseconds());
        return challenge =>
        {
            if (challenge.Length != Whole || !CryptographicOperations.FixedTimeEquals(Seal(mine, challenge.Span, ceremony, origin, binding, person), challenge.Span[Signed..]))
                return "not given by this mesh for this browser, origin and ceremony";
            return BinaryPrimitives.ReadInt64BigEndian(challenge.Span[Random..]) > now ? null : "expired";
        };
    }

    /// <summary>False if it was used already. Only after everything else was right, so that only who holds a passkey makes rows.</summary>
    public Task<bool> BurnAsync(ReadOnlyMemory<byte> challenge, CancellationToken cancellation)
        => used.SpendAsync(
            Convert.ToHexStringLower(SHA256.HashData(challenge.Span)), DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(challenge.Span[Random..])), cancellation);

    private static byte[] Seal(byte[] key, ReadOnlySpan<byte> challenge, string ceremony, string origin, ReadOnlyMemory<byte> binding, string? person)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(challenge[..Signed]);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in new[] { Encoding.UTF8.GetBytes(ceremony), Encoding.UTF8.GetBytes(origin), binding.ToArray(), Encoding.UTF8.GetBytes(person ?? "") })
        {
            BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
            hmac.AppendData(length);
            hmac.AppendData(part);
        }
        return hmac.GetHashAndReset();
    }

    private async Task<byte[]> KeyAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (Volatile.Read(ref key) is { } known) return known;
            if (await store.ReadAsync(KeyKind, KeyId, cancellation) is { Value.Length: 32 } row)
            {
                Volatile.Write(ref key, row.Value.ToArray());
                continue;
            }
            try
            {
                await store.WriteAsync(KeyKind, KeyId, 0, RandomNumberGenerator.GetBytes(32), cancellation);
            }
            catch (StaleRecordException)
            {
                // Another silo made it at the same moment: theirs it is.
                continue;
            }
        }
    }
}
