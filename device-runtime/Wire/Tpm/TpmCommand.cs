namespace TrustMesh.Wire.Tpm;

/// <summary>
/// One TPM command being written (part 1, 18): handles, authorisations in handle order, parameters. Sessions are passwords (empty, as
/// every hierarchy and key used here has it) or policy sessions without HMAC.
/// </summary>
public sealed class TpmCommand(TpmCommandCode code)
{
    /// <summary>TPM_ST_NO_SESSIONS and TPM_ST_SESSIONS.</summary>
    internal const ushort NoSessions = 0x8001, Sessions = 0x8002;

    private const byte ContinueSession = 1;
    private readonly List<uint> handles = [];
    private readonly List<uint> sessions = [];

    public TpmCommandCode Code { get; } = code;

    /// <summary>Where the command's parameters are written.</summary>
    public TpmWriter Parameters { get; } = new();

    internal int SessionCount => sessions.Count;

    /// <summary>Adds a handle that needs no authorisation.</summary>
    public TpmCommand On(uint handle)
    {
        handles.Add(handle);
        return this;
    }

    /// <summary>Adds a handle authorised by a session; <see cref="TpmHandle.Password"/> stands for the empty password.</summary>
    public TpmCommand On(uint handle, uint session)
    {
        sessions.Add(session);
        return On(handle);
    }

    /// <summary>The command as it goes to the TPM.</summary>
    public byte[] Encode()
    {
        var body = new TpmWriter();
        foreach (var handle in handles) body.U32(handle);
        if (sessions.Count > 0)
        {
            // Each: handle, empty nonce, attributes, empty HMAC.
            body.U32((uint)sessions.Count * 9);
            foreach (var session in sessions) body.U32(session).Sized([]).U8(ContinueSession).Sized([]);
        }
        body.Bytes(Parameters.ToArray());
        return new TpmWriter().U16(sessions.Count > 0 ? Sessions : NoSessions).U32((uint)(10 + body.Length)).U32((uint)Code).Bytes(body.ToArray()).ToArray();
    }
}
