namespace TrustMesh.Agent.Files;

/// <summary>What the file system says about one file.</summary>
/// <param name="Mode">The lower twelve bits: permissions, set-id, sticky.</param>
/// <param name="Owner">User id.</param>
/// <param name="Links">Hard links; more than one and somebody else has a name for it too.</param>
/// <param name="Size">Bytes.</param>
public sealed record FileFacts(FileKind Kind, int Mode, uint Owner, uint Links, ulong Inode, long Size, long ModifiedSeconds, uint ModifiedNanoseconds)
{
    public const int GroupOrOthersMayWrite = 0x12, OthersMayWrite = 0x02, GroupOrOthersAtAll = 0x3f, Sticky = 0x200;

    /// <summary>True if the content can not have changed between the two looks, as far as the file system shows.</summary>
    public bool SameContentAs(FileFacts other)
        => Inode == other.Inode && Size == other.Size && ModifiedSeconds == other.ModifiedSeconds && ModifiedNanoseconds == other.ModifiedNanoseconds;
}
