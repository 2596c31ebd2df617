namespace TrustMesh.Wire.Tpm;

/// <summary>A TPM's answer, taken apart (part 1, 18.5): the error, or the returned handle and the parameters.</summary>
/// <param name="Error">Null when the command succeeded.</param>
/// <param name="Handle">0 for commands that return none.</param>
public sealed record TpmResponse(TpmError? Error, uint Handle, ReadOnlyMemory<byte> Parameters)
{
    /// <summary>Bytes of the longest answer taken; TPMs stop at 4096.</summary>
    public const int MaxSize = 8192;

    /// <summary>Bytes of the header every answer has.</summary>
    public const int HeaderSize = 10;

    /// <summary>Reads the answer to <paramref name="command"/> to its last byte; throws <see cref="WireException"/>.</summary>
    public static TpmResponse Decode(ReadOnlyMemory<byte> bytes, TpmCommand command)
    {
        var reader = new TpmReader(bytes);
        var tag = reader.U16("tag");
        var size = reader.U32("responseSize");
        if (size != bytes.Length) throw new WireException("responseSize", 2, $"{size}, but {bytes.Length} bytes came");
        var code = reader.U32("responseCode");
        if (code != 0)
        {
            reader.End("response");
            return new(new TpmError(code), 0, default);
        }

        var expected = command.SessionCount > 0 ? TpmCommand.Sessions : TpmCommand.NoSessions;
        if (tag != expected) throw new WireException("tag", 0, $"{tag:x4}, expected {expected:x4}");
        var handle = command.Code is TpmCommandCode.CreatePrimary or TpmCommandCode.Load or TpmCommandCode.StartAuthSession
            ? reader.U32("handle") : 0;
        if (command.SessionCount == 0) return new(null, handle, reader.Rest());

        var place = reader.Offset;
        var length = reader.U32("parameterSize");
        if (length > reader.Left) throw new WireException("parameterSize", place, $"{length}, but {reader.Left} bytes are left");
        var parameters = reader.Take("parameters", (int)length);
        for (var i = 0; i < command.SessionCount; i++)
        {
            reader.Sized("session.nonce", 64);
            reader.U8("session.attributes");
            reader.Sized("session.hmac", 64);
        }
        reader.End("response");
        return new(null, handle, parameters);
    }
}
