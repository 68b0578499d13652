/** The call: opens one session for the room in the address and draws it. */
import { getRouteApi, Navigate, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { type CallIntent, forgetCall, freshAdmission, rememberedIntent } from '../join/admission.ts';
import { CallView } from './call-view.tsx';
import { RoomSession } from './room-session.ts';

const route = getRouteApi('/room/$roomName');

export function RoomPage() {
  const { roomName } = route.useParams();
  const [intent] = useState<CallIntent | null>(
    () => freshAdmission(roomName, Date.now())?.intent ?? rememberedIntent(roomName),
  );
  if (!intent) return <Navigate to="/" search={{ room: roomName }} replace />;
  return <Call key={roomName} intent={intent} />;
}

function Call({ intent }: { readonly intent: CallIntent }) {
  const navigate = useNavigate();
  const [session, setSession] = useState<RoomSession | null>(null);
  useEffect(() => {
    const opened = new RoomSession(intent);
    setSession(opened);
    void opened.start();
    return () => opened.close();
  }, [intent]);
  if (!session) return null;
  return (
    <CallView
      session={session}
      onLeave={() => {
        forgetCall();
        void navigate({ to: '/' });
      }}
    />
  );
}
