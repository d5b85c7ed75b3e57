"""Invented receipts of both generations, put together from the element names of the published schemas."""

from __future__ import annotations

CREDITOR = "12345670017"
NOTICE = "301000000000123468"
IUV = NOTICE[1:]

OLD = f"""<?xml version="1.0" encoding="UTF-8"?>
<pay_i:RT xmlns:pay_i="http://www.digitpa.gov.it/schemas/2011/Pagamenti/">
  <pay_i:versioneOggetto>6.2.0</pay_i:versioneOggetto>
  <pay_i:dominio>
    <pay_i:identificativoDominio>{CREDITOR}</pay_i:identificativoDominio>
    <pay_i:identificativoStazioneRichiedente>{CREDITOR}_01</pay_i:identificativoStazioneRichiedente>
  </pay_i:dominio>
  <pay_i:identificativoMessaggioRicevuta>RT0001</pay_i:identificativoMessaggioRicevuta>
  <pay_i:dataOraMessaggioRicevuta>2026-04-10T11:12:13</pay_i:dataOraMessaggioRicevuta>
  <pay_i:riferimentoMessaggioRichiesta>RPT0001</pay_i:riferimentoMessaggioRichiesta>
  <pay_i:riferimentoDataRichiesta>2026-04-10</pay_i:riferimentoDataRichiesta>
  <pay_i:istitutoAttestante>
    <pay_i:identificativoUnivocoAttestante>
      <pay_i:tipoIdentificativoUnivoco>B</pay_i:tipoIdentificativoUnivoco>
      <pay_i:codiceIdentificativoUnivoco>XXXXITXX</pay_i:codiceIdentificativoUnivoco>
    </pay_i:identificativoUnivocoAttestante>
    <pay_i:denominazioneAttestante>BANCA INVENTATA</pay_i:denominazioneAttestante>
  </pay_i:istitutoAttestante>
  <pay_i:enteBeneficiario>
    <pay_i:identificativoUnivocoBeneficiario>
      <pay_i:tipoIdentificativoUnivoco>G</pay_i:tipoIdentificativoUnivoco>
      <pay_i:codiceIdentificativoUnivoco>{CREDITOR}</pay_i:codiceIdentificativoUnivoco>
    </pay_i:identificativoUnivocoBeneficiario>
    <pay_i:denominazioneBeneficiario>COMUNE INVENTATO</pay_i:denominazioneBeneficiario>
  </pay_i:enteBeneficiario>
  <pay_i:soggettoPagatore>
    <pay_i:identificativoUnivocoPagatore>
      <pay_i:tipoIdentificativoUnivoco>F</pay_i:tipoIdentificativoUnivoco>
      <pay_i:codiceIdentificativoUnivoco>RSSMRA80A41F205B</pay_i:codiceIdentificativoUnivoco>
    </pay_i:identificativoUnivocoPagatore>
    <pay_i:anagraficaPagatore>ROSSI MARIA</pay_i:anagraficaPagatore>
  </pay_i:soggettoPagatore>
  <pay_i:datiPagamento>
    <pay_i:codiceEsitoPagamento>0</pay_i:codiceEsitoPagamento>
    <pay_i:importoTotalePagato>123.45</pay_i:importoTotalePagato>
    <pay_i:identificativoUnivocoVersamento>{IUV}</pay_i:identificativoUnivocoVersamento>
    <pay_i:CodiceContestoPagamento>n/a</pay_i:CodiceContestoPagamento>
    <pay_i:datiSingoloPagamento>
      <pay_i:singoloImportoPagato>100.00</pay_i:singoloImportoPagato>
      <pay_i:esitoSingoloPagamento>ACCEPTED</pay_i:esitoSingoloPagamento>
      <pay_i:dataEsitoSingoloPagamento>2026-04-09</pay_i:dataEsitoSingoloPagamento>
      <pay_i:identificativoUnivocoRiscossione>IUR-1</pay_i:identificativoUnivocoRiscossione>
      <pay_i:causaleVersamento>Imposta di soggiorno, Il Trullo</pay_i:causaleVersamento>
      <pay_i:datiSpecificiRiscossione>9/IDS</pay_i:datiSpecificiRiscossione>
      <pay_i:commissioniApplicatePSP>1.50</pay_i:commissioniApplicatePSP>
    </pay_i:datiSingoloPagamento>
    <pay_i:datiSingoloPagamento>
      <pay_i:singoloImportoPagato>23.45</pay_i:singoloImportoPagato>
      <pay_i:dataEsitoSingoloPagamento>2026-04-10</pay_i:dataEsitoSingoloPagamento>
      <pay_i:identificativoUnivocoRiscossione>IUR-2</pay_i:identificativoUnivocoRiscossione>
      <pay_i:causaleVersamento>Imposta di soggiorno, La Lamia</pay_i:causaleVersamento>
      <pay_i:datiSpecificiRiscossione>9/IDS</pay_i:datiSpecificiRiscossione>
    </pay_i:datiSingoloPagamento>
  </pay_i:datiPagamento>
</pay_i:RT>
"""

NEW = f"""<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
    xmlns:paf="http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd">
  <soapenv:Header/>
  <soapenv:Body>
    <paf:paSendRTReq>
      <idPA>{CREDITOR}</idPA>
      <idBrokerPA>{CREDITOR}</idBrokerPA>
      <idStation>{CREDITOR}_01</idStation>
      <receipt>
        <receiptId>c110729d258c4ab1b765fe902aae41d6</receiptId>
        <noticeNumber>{NOTICE}</noticeNumber>
        <fiscalCode>{CREDITOR}</fiscalCode>
        <outcome>OK</outcome>
        <creditorReferenceId>{IUV}</creditorReferenceId>
        <paymentAmount>123.45</paymentAmount>
        <description>Imposta di soggiorno</description>
        <companyName>COMUNE INVENTATO</companyName>
        <debtor>
          <uniqueIdentifier>
            <entityUniqueIdentifierType>G</entityUniqueIdentifierType>
            <entityUniqueIdentifierValue>{CREDITOR}</entityUniqueIdentifierValue>
          </uniqueIdentifier>
          <fullName>Trulli Inventati srl</fullName>
        </debtor>
        <transferList>
          <transfer>
            <idTransfer>1</idTransfer>
            <transferAmount>123.45</transferAmount>
            <fiscalCodePA>{CREDITOR}</fiscalCodePA>
            <IBAN>IT0000000000000000000000000</IBAN>
            <remittanceInformation>Imposta di soggiorno 1 trimestre</remittanceInformation>
            <transferCategory>9/IDS</transferCategory>
          </transfer>
        </transferList>
        <idPSP>PSP</idPSP>
        <PSPCompanyName>PSP INVENTATO</PSPCompanyName>
        <idChannel>CH</idChannel>
        <channelDescription>WISP</channelDescription>
        <paymentMethod>creditCard</paymentMethod>
        <fee>2.00</fee>
        <paymentDateTime>2026-04-16T23:30:00+02:00</paymentDateTime>
        <applicationDate>2026-04-17</applicationDate>
        <transferDate>2026-04-18</transferDate>
      </receipt>
    </paf:paSendRTReq>
  </soapenv:Body>
</soapenv:Envelope>
"""
