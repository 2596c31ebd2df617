using System.Security.Cryptography;
using System.Text;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Measuring;

/// <summary>What was found at a measured path: the body of a log entry (PROTOCOL.md section 6).</summary>
/// <param name="Digest">32 bytes, empty for an absent file.</param>
/// <param name="Text">For people: what was found where it is not a plain file.</param>
/// <param name="Settled">False if the file changed while it was read; it has to be read again.</param>
public sealed record Reading(LogEntryKind Kind, byte[] Digest, string Text = "", bool Settled = true)
{
    public static Reading Absent { get; } = new(LogEntryKind.Absent, [], "absent");

    public static Reading File(byte[] digest, bool settled) => new(LogEntryKind.File, digest, "", settled);

    /// <summary>Anything that is not a readable plain file. The text is under the digest, so each oddity has one value and is never a file's.</summary>
    public static Reading Event(string text) => new(LogEntryKind.Event, SHA256.HashData(Encoding.UTF8.GetBytes(text)), text);

    public bool SameAs(Reading other) => Kind == other.Kind && Digest.AsSpan().SequenceEqual(other.Digest);
}
