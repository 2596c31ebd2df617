using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace TrustMesh.Verifier;

/// <summary>
/// An AR4SI trustworthiness vector: category to claim value. A category without a claim is not in it. Values only get worse while a
/// verdict is being made. Eight bytes instead of a hash table: there is one in every verdict.
/// </summary>
internal sealed class TrustVector : IReadOnlyDictionary<int, int>
{
    public const int InstanceIdentity = 0, Configuration = 1, Executables = 2, FileSystem = 3, Hardware = 4, StorageOpaque = 6;

    private const int Categories = 8;

    // One signed byte each, category 0 lowest; 0 is no claim.
    private ulong values;

    public int Count => Keys.Count();

    public IEnumerable<int> Keys => Enumerable.Range(0, Categories).Where(ContainsKey);

    public IEnumerable<int> Values => Keys.Select(key => this[key]);

    public int this[int key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"The vector makes no claim in category {key}.");

    /// <summary>Sets a claim, or replaces it by a worse one. Values 2 to 99.</summary>
    public void Lower(int category, int value)
    {
        if (TryGetValue(category, out var known) && known >= value) return;
        var shift = category * 8;
        values = values & ~(0xfful << shift) | (ulong)(byte)value << shift;
    }

    public bool ContainsKey(int key) => TryGetValue(key, out _);

    public bool TryGetValue(int key, [MaybeNullWhen(false)] out int value)
    {
        value = key is >= 0 and < Categories ? (sbyte)(values >> key * 8) : 0;
        return value != 0;
    }

    public IEnumerator<KeyValuePair<int, int>> GetEnumerator()
    {
        for (var key = 0; key < Categories; key++)
            if (TryGetValue(key, out var value)) yield return new(key, value);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
