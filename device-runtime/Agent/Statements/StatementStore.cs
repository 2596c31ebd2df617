using TrustMesh.Agent.Files;
using TrustMesh.Wire;

namespace TrustMesh.Agent.Statements;

/// <summary>
/// Where statements outlive the process: each on disk as the authority signed it, and the highest serials in the root of trust, from where a copy
/// of the state directory can not bring back older ones. Not thread-safe; <see cref="MeshStatements"/> serialises it. Throws
/// <see cref="IOException"/>, <see cref="StateException"/> and <see cref="Roots.RootException"/>.
/// </summary>
/// <param name="recall">The root's memory, see <see cref="Roots.IRoot.Recall"/>.</param>
/// <param name="remember">See <see cref="Roots.IRoot.Remember"/>; it wears out, so it is called only when a serial rose.</param>
/// <param name="authorityKey">SubjectPublicKeyInfo of the mesh authority.</param>
public sealed class StatementStore(IStateFiles files, Func<byte[]?> recall, Action<byte[]> remember, ReadOnlyMemory<byte> authorityKey)
{
    public const string MembershipFile = "membership.cbor", PolicyFile = "policy.cbor", StatusFile = "status-list.cbor", PeersFile = "peers.cbor", ReferencePrefix = "reference-";

    private const string Ending = ".cbor";

    private SerialMarks? marks;

    /// <summary>The highest serials ever believed.</summary>
    public SerialMarks Marks => marks ??= SerialMarks.Decode(recall(), authorityKey.Span);

    /// <summary>Models are of the grammar of names (PROTOCOL.md section 1): no path hides in one (attack A44).</summary>
    public static string ReferenceFile(string model) => ReferencePrefix + model + Ending;

    /// <summary>The statement as it was saved; null where there is none. A file that is not safe to read counts as none; <paramref name="problem"/> says why.</summary>
    public byte[]? Load(string file, out string? problem)
    {
        problem = null;
        try
        {
            return files.Read(file, Caps.Statement);
        }
        catch (StateException unsafeFile)
        {
            problem = unsafeFile.Message;
            return null;
        }
    }

    /// <summary>Files of reference values, at most <see cref="Caps.ModelCount"/>.</summary>
    public IReadOnlyList<string> References() => [.. files.Names(ReferencePrefix).Where(name => name.EndsWith(Ending, StringComparison.Ordinal)).Take(Caps.ModelCount)];

    public void Save(string file, ReadOnlyMemory<byte> signed) => files.Replace(file, signed.Span);

    public void Remove(string file) => files.Remove(file);

    /// <summary>Has the root remember whatever of this is higher; one write for all of it, none if nothing is. After a failure nothing is believed to
    /// be remembered: the next call writes again.</summary>
    public void Raise(SerialMarks seen)
    {
        var raised = Marks.Raise(seen);
        if (raised == Marks) return;
        remember(raised.Encode(authorityKey.Span));
        marks = raised;
    }
}
