using System.Text;

namespace TrustMesh.Wire.Tpm;

/// <summary>The words for TPM response codes: what each means and what an operator can do.</summary>
internal static class TpmErrorText
{
    internal static string Meaning(TpmError error) => error.Rc switch
    {
        TpmRc.Initialize => "the TPM was not started, or is started already",
        TpmRc.Failure => "the TPM is in failure mode and answers nothing but its test result",
        TpmRc.Lockout => "the TPM is locked because of too many wrong passwords",
        TpmRc.AuthFail => "the password is wrong, and the TPM counted the attempt",
        TpmRc.BadAuth => "the password is wrong",
        TpmRc.AuthMissing => "the command needs an authorisation that was not given",
        TpmRc.AuthType => "the object does not take this kind of authorisation",
        TpmRc.AuthUnavailable => "the object's password may not be used for this; it wants its policy",
        TpmRc.PolicyFail or TpmRc.Policy or TpmRc.PolicyCc => "the policy of the object is not fulfilled",
        TpmRc.ObjectMemory or TpmRc.ObjectHandles => "the TPM has no slot left for another key",
        TpmRc.SessionMemory or TpmRc.SessionHandles or TpmRc.ContextGap => "the TPM has no slot left for another session",
        TpmRc.Memory => "the TPM is out of memory",
        TpmRc.Handle or TpmRc.ReferenceH0 or TpmRc.ReferenceH1 or TpmRc.ReferenceH2 => "the handle names nothing the TPM holds",
        TpmRc.ReferenceS0 or TpmRc.ReferenceS1 => "the session does not exist any more",
        TpmRc.Hierarchy => "the hierarchy is switched off or does not fit the object",
        TpmRc.Disabled => "the command or the hierarchy is disabled",
        TpmRc.Integrity => "the key blob or the credential was not made for this TPM or this key, or was changed",
        TpmRc.Value or TpmRc.Range => "a value is out of range",
        TpmRc.Size or TpmRc.Insufficient or TpmRc.CommandSize or TpmRc.AuthSize => "a size does not fit",
        TpmRc.Curve => "the TPM does not know this elliptic curve",
        TpmRc.KeySize => "the TPM does not know this key size",
        TpmRc.Hash or TpmRc.Scheme or TpmRc.Symmetric or TpmRc.Asymmetric or TpmRc.Kdf or TpmRc.Mode => "the TPM does not know this algorithm",
        TpmRc.CommandCode => "the TPM does not know this command",
        TpmRc.Attributes => "the object's attributes do not allow this",
        TpmRc.Type or TpmRc.Key => "the object is of the wrong type for this",
        TpmRc.Signature => "the signature is not valid",
        TpmRc.Ticket => "the ticket is not valid",
        TpmRc.NvUninitialized => "the NV index was never written",
        TpmRc.NvLocked => "the NV index is locked",
        TpmRc.NvAuthorization => "the NV index may not be used with this authorisation",
        TpmRc.NvRange or TpmRc.NvSize => "the NV index is smaller than what was asked for",
        TpmRc.NvSpace => "the TPM's NV memory is full",
        TpmRc.NvDefined => "the NV index exists already",
        TpmRc.NvRate or TpmRc.NvUnavailable => "the TPM's NV memory is not available right now",
        TpmRc.Retry or TpmRc.Yielded or TpmRc.Testing => "the TPM is busy",
        TpmRc.Canceled => "the command was cancelled by another program or by the driver",
        TpmRc.Locality => "the command is not allowed at this locality",
        TpmRc.Pcr or TpmRc.PcrChanged => "the PCR can not be used like this",
        TpmRc.Upgrade => "the TPM is in the middle of a firmware update",
        TpmRc.Reboot => "the TPM needs a power cycle",
        TpmRc.NeedsTest => "the TPM wants its self test first",
        _ => "the TPM refused the command",
    };

    internal static string Remedy(TpmError error) => error.Rc switch
    {
        TpmRc.Initialize => "Restart the machine; with a TPM simulator send TPM2_Startup.",
        TpmRc.Failure => "Restart the machine; if it comes back, the TPM is broken and the device needs another one.",
        TpmRc.Lockout => "Wait for the lockout to run down, or reset it with the lockout password (tpm2_dictionarylockout --clear-lockout).",
        TpmRc.AuthFail or TpmRc.BadAuth => "TrustMesh uses empty passwords: clear the endorsement hierarchy's password (tpm2_changeauth -c endorsement).",
        TpmRc.ObjectMemory or TpmRc.ObjectHandles => "Use /dev/tpmrm0 instead of /dev/tpm0, or flush what other programs left loaded (tpm2_flushcontext --transient-object).",
        TpmRc.SessionMemory or TpmRc.SessionHandles or TpmRc.ContextGap
            => "Use /dev/tpmrm0 instead of /dev/tpm0, or flush what other programs left open (tpm2_flushcontext --loaded-session).",
        TpmRc.Memory => "Use /dev/tpmrm0 instead of /dev/tpm0, and end other programs that use the TPM.",
        TpmRc.Handle or TpmRc.ReferenceH0 or TpmRc.ReferenceH1 or TpmRc.ReferenceH2 or TpmRc.ReferenceS0 or TpmRc.ReferenceS1
            => "It was flushed or the TPM was reset: start the agent again.",
        TpmRc.Hierarchy or TpmRc.Disabled => "Switch the TPM and its endorsement hierarchy on in the firmware's setup.",
        TpmRc.Integrity => "Do not copy TPM key files between devices; remove the file to enrol anew.",
        TpmRc.Curve or TpmRc.KeySize or TpmRc.Hash or TpmRc.Scheme or TpmRc.Symmetric or TpmRc.Asymmetric or TpmRc.CommandCode
            => "Choose another endorsement key in the agent's settings, or update the TPM's firmware.",
        TpmRc.Retry or TpmRc.Yielded or TpmRc.Testing or TpmRc.NvRate or TpmRc.NvUnavailable or TpmRc.Canceled => "Try again in a moment.",
        TpmRc.Reboot or TpmRc.Upgrade => "Restart the machine.",
        TpmRc.Locality => "Choose a measurement PCR from 0 to 15.",
        _ => "If it stays, report it with the code and the TPM's manufacturer and firmware version.",
    };

    /// <summary>AuthFail → AUTH_FAIL.</summary>
    internal static string UpperSnake(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsUpper(c) && text.Length > 0) text.Append('_');
            text.Append(char.ToUpperInvariant(c));
        }
        return text.ToString();
    }
}
