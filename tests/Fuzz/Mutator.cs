using System.Buffers.Binary;

namespace TrustMesh.Tests.Fuzz;

/// <summary>
/// One changed input per call, decided by seed and iteration alone. Besides bits and blocks it knows where lengths stand in CBOR and TPM
/// structures well enough to exaggerate them (attack A26).
/// </summary>
public sealed class Mutator(IReadOnlyList<byte[]> seeds, int seed)
{
    private static readonly byte[] Interesting = [0x00, 0x01, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1f, 0x40, 0x5f, 0x7f, 0x80, 0x9b, 0x9f, 0xa0, 0xbb, 0xbf, 0xc0, 0xd2, 0xf6, 0xf9, 0xff];

    public byte[] Next(int iteration)
    {
        var random = new Random(HashCodeOf(seed, iteration));
        var bytes = seeds[random.Next(seeds.Count)].ToList();
        for (var left = random.Next(1, 5); left > 0; left--) Change(bytes, random);
        return [.. bytes];
    }

    private void Change(List<byte> bytes, Random random)
    {
        var at = bytes.Count == 0 ? 0 : random.Next(bytes.Count);
        var length = Math.Min(bytes.Count - at, random.Next(1, 40));
        switch (random.Next(bytes.Count == 0 ? 1 : 10))
        {
            case 0: bytes.Insert(at, (byte)random.Next(256)); break;
            case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 2: bytes[at] = Interesting[random.Next(Interesting.Length)]; break;
            case 3: bytes[at] = (byte)(bytes[at] + random.Next(-2, 3)); break;
            case 4: bytes.RemoveRange(at, length); break;
            case 5: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
            case 6: bytes.RemoveRange(at, bytes.Count - at); break;
            case 7:
                var other = seeds[random.Next(seeds.Count)];
                var from = random.Next(other.Length);
                bytes.InsertRange(at, other[from..Math.Min(other.Length, from + length)]);
                break;
            case 8:
                bytes[at] = (byte)(bytes[at] & 0xe0 | 0x1b);
                var huge = new byte[8];
                BinaryPrimitives.WriteUInt64BigEndian(huge, ulong.MaxValue >> random.Next(64));
                bytes.InsertRange(at + 1, huge);
                break;
            default:
                bytes.InsertRange(at, Enumerable.Repeat((byte)(random.Next(2) == 0 ? 0x81 : 0xa1), random.Next(1, 64)));
                break;
        }
    }

    /// <summary>The same on every machine and in every process, unlike <see cref="HashCode"/>.</summary>
    private static int HashCodeOf(int seed, int iteration) => unchecked((int)((uint)seed * 2_654_435_761u ^ (uint)iteration * 0x9e37_79b1u));
}
