using System.Buffers.Binary;

namespace TrustMesh.Roots;

/// <summary>The boot count of a root that has none: a file with the number of starts, big-endian u32.</summary>
internal static class StartCounter
{
    internal const string FileName = "starts";

    /// <summary>The number of this start. Saved before it is used: a number is never handed out twice.</summary>
    internal static uint Next(string stateDirectory)
    {
        var path = Path.Combine(stateDirectory, FileName);
        var bytes = PrivateFile.Read(path, max: 4) ?? new byte[4];
        if (bytes.Length != 4) throw new RootException($"{path} is damaged ({bytes.Length} bytes, expected 4). Restore it from a backup, or remove the state directory and enrol the device anew.");
        var starts = checked(BinaryPrimitives.ReadUInt32BigEndian(bytes) + 1);
        BinaryPrimitives.WriteUInt32BigEndian(bytes, starts);
        PrivateFile.Write(path, bytes);
        return starts;
    }
}
